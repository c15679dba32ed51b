"""One emulator for all runs, and at the end the table of what every run came to."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infra.local.ministack import MiniStack
from infra.local.ports import Ports
from tests.invariants.evidence import Evidence, gathered
from tests.invariants.report import Report, table
from tests.invariants.run import Run, Scenario
from tests.invariants.site import Site

FULL = bool(os.environ.get("FULL"))
SEED = int(os.environ.get("SEED", "1"))
REPORTS: list[Report] = []
Play = Callable[[Scenario], Report]


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with MiniStack(tmp_path_factory.mktemp("ministack"), ports=Ports.free()) as emulator:
        yield emulator.endpoint


@pytest.fixture
def begun(endpoint: str, tmp_path: Path) -> Callable[[Scenario], Run]:
    def begin(scenario: Scenario) -> Run:
        name = "".join(ch if ch.isalnum() else "-" for ch in scenario.name)
        return Run(scenario, Site(endpoint, f"{name}-{len(REPORTS)}"), tmp_path)

    return begin


@pytest.fixture
def play(begun: Callable[[Scenario], Run]) -> Play:
    """Runs a scenario to its end, asks every check, and notes it for the table."""

    def played(scenario: Scenario) -> Report:
        run = begun(scenario)
        run.play()
        found: Evidence = gathered(run)
        report = Report.of(run, found)
        REPORTS.append(report)
        return report

    return played


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if REPORTS:
        terminalreporter.section(f"ledger: seed {SEED}, {'full' if FULL else 'small'} size")
        for row in table(REPORTS):
            terminalreporter.write_line(row)
