"""One emulator for all runs, and at the end the table of what every run came to."""

import itertools
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.invariants.emulator import run_emulator
from tests.invariants.evidence import Evidence, gather_evidence
from tests.invariants.report import RunReport, format_table
from tests.invariants.run import Run, Scenario
from tests.invariants.site import Site
from tests.invariants.wire import Wire

FULL = bool(os.environ.get("FULL"))
SEED = int(os.environ.get("SEED", "1"))
NUMBERS = itertools.count(1)
REPORT_PROPERTY = "ledger"
Play = Callable[[Scenario], RunReport]


@pytest.fixture(scope="session")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    with run_emulator(tmp_path_factory.mktemp("aws")) as path:
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

    def played(scenario: Scenario) -> RunReport:
        run = begun(scenario)
        run.play()
        found: Evidence = gather_evidence(run)
        report = RunReport.from_run(run, found)
        record_property(REPORT_PROPERTY, asdict(report))
        return report

    return played


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The rows of all runs, whichever of pytest's processes played them."""
    told = (each for kind in ("passed", "failed") for each in terminalreporter.getreports(kind))
    noted = [
        value for each in told for name, value in each.user_properties if name == REPORT_PROPERTY
    ]
    if noted:
        reports = [RunReport(**each) for each in sorted(noted, key=lambda each: each["name"])]
        terminalreporter.section(f"ledger: seed {SEED}, {'full' if FULL else 'small'} size")
        for row in format_table(reports):
            terminalreporter.write_line(row)
