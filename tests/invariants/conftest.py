"""One emulator for all runs, and at the end the table of what every run came to."""

import itertools
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.invariants.emulator import emulator
from tests.invariants.evidence import Evidence, gathered
from tests.invariants.report import Report, table
from tests.invariants.run import Run, Scenario
from tests.invariants.site import Site
from tests.invariants.wire import Wire

FULL = bool(os.environ.get("FULL"))
SEED = int(os.environ.get("SEED", "1"))
NUMBERS = itertools.count(1)
NOTED = "ledger"
Play = Callable[[Scenario], Report]


@pytest.fixture(scope="session")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    with emulator(tmp_path_factory.mktemp("aws")) as path:
        yield Wire(path)


@pytest.fixture
def begun(wire: Wire, tmp_path: Path) -> Callable[[Scenario], Run]:
    def begin(scenario: Scenario) -> Run:
        name = "".join(ch if ch.isalnum() else "-" for ch in scenario.name)
        return Run(scenario, Site(wire, f"{name}-{next(NUMBERS)}"), tmp_path)

    return begin


@pytest.fixture
def play(begun: Callable[[Scenario], Run], record_property: Callable[[str, object], None]) -> Play:
    """Runs a scenario to its end, asks every check, and notes it for the table."""

    def played(scenario: Scenario) -> Report:
        run = begun(scenario)
        run.play()
        found: Evidence = gathered(run)
        report = Report.of(run, found)
        record_property(NOTED, asdict(report))
        return report

    return played


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The rows of all runs, whichever of pytest's processes played them."""
    told = (each for kind in ("passed", "failed") for each in terminalreporter.getreports(kind))
    noted = [value for each in told for name, value in each.user_properties if name == NOTED]
    if noted:
        reports = [Report(**each) for each in sorted(noted, key=lambda each: each["name"])]
        terminalreporter.section(f"ledger: seed {SEED}, {'full' if FULL else 'small'} size")
        for row in table(reports):
            terminalreporter.write_line(row)
