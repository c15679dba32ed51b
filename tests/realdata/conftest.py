"""Data of other people, in the folder that LEADLOOP_REALDATA names; not part of the project."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from leadloop.intake.envelope import Envelope, sha256, submission_id
from leadloop.intake.policy import MailSource
from leadloop.intake.read import UnreadableEnvelope, read_envelope
from leadloop.model.submission import Channel, Submission
from tests.realdata.marks import Marks, format_table, rows_of

SAMPLE = Path(__file__).parents[2] / "shared" / "playbooks" / "acme"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What each set showed, beside what is asked of it."""
    reports = [report for kind in terminalreporter.stats.values() for report in kind]
    if rows := list(rows_of(reports)):
        terminalreporter.section("pass marks")
        for line in format_table(rows):
            terminalreporter.write_line(line)


@pytest.fixture
def marks(request: pytest.FixtureRequest) -> Iterator[Marks]:
    """Rows of the table: `marks.share(…)`, `marks.most(…)`, `marks.row(…)`."""
    made = Marks(request.node)
    yield made
    made.check()


@pytest.fixture(scope="session")
def realdata() -> Path:
    folder = Path(os.environ.get("LEADLOOP_REALDATA", "") or "/nowhere")
    if not folder.is_dir():
        pytest.skip("LEADLOOP_REALDATA names no folder")
    return folder


@pytest.fixture(scope="session")
def mailed() -> Callable[[bytes], tuple[Submission, ...]]:
    """What becomes of a mail at the sample company's drop for portals, in quarantine or not."""
    row = (SAMPLE / "sources" / "portals.yaml").read_text("utf-8")
    source = MailSource.model_validate({**yaml.safe_load(row), "id": "drop"})

    def take(body: bytes) -> tuple[Submission, ...]:
        envelope = Envelope(
            id=submission_id("drop", sha256(body)),
            source="drop",
            channel=Channel.MAIL,
            received_at=datetime(2026, 3, 4, tzinfo=UTC),
            sha256=sha256(body),
            size=len(body),
            key=sha256(body),
        )
        found = read_envelope(envelope, body, source)
        return (found.submission,) if isinstance(found, UnreadableEnvelope) else found

    return take
