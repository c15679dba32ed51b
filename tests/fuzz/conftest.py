import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.functions.aws_fixture import AwsFixture, open_aws_fixture

FULL = bool(os.environ.get("FULL"))
MINIMUM_INPUTS = 20_000 if FULL else 1_500  # inputs, all subjects together
INPUTS = "inputs"
settings.register_profile(
    "fuzz",
    deadline=None,
    print_blob=True,
    derandomize=not FULL,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("fuzz")


class InputCounter:
    """How many inputs were really sent and answered in this process."""

    count = 0


class Report:
    """Sums up what all tests tried, whichever process ran them."""

    def __init__(self) -> None:
        self.inputs: list[int] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "teardown":
            self.inputs += [int(str(n)) for name, n in report.user_properties if name == INPUTS]

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        tried = sum(self.inputs)
        terminalreporter.section("inputs")
        terminalreporter.write_line(
            f"{tried:,} inputs for {len(self.inputs)} subjects (wanted: {MINIMUM_INPUTS:,})"
        )

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Part of the subjects, by name, may be tried with less."""
        asked_for_part = session.config.option.keyword or session.config.option.maxfail
        if sum(self.inputs) < MINIMUM_INPUTS and not asked_for_part and not session.exitstatus:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Report())


@pytest.fixture(autouse=True)
def counted(request: pytest.FixtureRequest) -> Iterator[None]:
    before = InputCounter.count
    yield
    request.node.user_properties.append((INPUTS, InputCounter.count - before))


@pytest.fixture(scope="module")
def home() -> Iterator[AwsFixture]:
    """One for all inputs of a subject: they meet what earlier ones left."""
    with pytest.MonkeyPatch.context() as patch, open_aws_fixture(patch) as made:
        yield made
