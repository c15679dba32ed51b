"""`leadloop report`, with a server that answers as Lambda does."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from leadloop.cli.main import main
from leadloop.edge.reports.reconciliation import Reconciliation
from leadloop.edge.reports.source_health import HealthReport, SourceReport
from leadloop.insight.health import Finding
from leadloop.insight.reconciliation import ReconciliationRow

HOUR = datetime(2026, 12, 1, 6, tzinfo=UTC)
ROW = ReconciliationRow(
    hour=HOUR,
    source="machines-quote",
    received=7,
    lead=4,
    merged=1,
    quarantined=1,
    rejected=0,
    successors=0,
    missing=("01M8RDFP42TPPRG2M0V23CR3JQ",),
)
RECONCILIATION = Reconciliation(
    since=HOUR, until=HOUR.replace(hour=7), rows=(ROW,), again=("in/late",)
)
HEALTH = HealthReport(
    at=HOUR,
    sources=(
        SourceReport(
            source="autopoint",
            received=3,
            accepted=2,
            expected=8.5,
            findings=(Finding(source="autopoint", what="drop", text="a third of what is usual"),),
        ),
    ),
)


class Lambda(BaseHTTPRequestHandler):
    """Answers a task with the report of that name."""

    def do_POST(self) -> None:
        task = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["task"]
        assert self.path == "/2015-03-31/functions/upkeep/invocations"
        report = {"balance": RECONCILIATION, "health": HEALTH}[task]
        self.send_response(200)
        if self.server.fails:  # type: ignore[attr-defined]
            self.send_header("X-Amz-Function-Error", "Unhandled")
            body = b'{"errorMessage": "the table is away"}'
        else:
            body = report.model_dump_json().encode()
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(loopback: None) -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Lambda) as server:
        server.fails = False  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def folder(server: ThreadingHTTPServer, tmp_path: Path) -> str:
    stack = {
        "endpoint": f"http://127.0.0.1:{server.server_port}",
        "mail": "",
        "table": "",
        "buckets": {"playbook": ""},
        "usage_plan": "",
        "upkeep": "upkeep",
    }
    tmp_path.joinpath("stack.json").write_text(json.dumps(stack))
    return str(tmp_path)


def test_the_reconciliation_is_made_now_and_names_who_is_missing(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "reconciliation", "--stack", folder]) == 0
    output = capsys.readouterr().out
    assert "received from 2026-12-01 06:00 to 2026-12-01 07:00 UTC" in output
    assert "2026-12-01 06:00  machines-quote  7         4     1       1" in output
    assert "missing: 01M8RDFP42TPPRG2M0V23CR3JQ\ntaken in again: in/late" in output


def test_the_sources_report_is_made_now_and_says_what_is_not_well(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "sources", "--stack", folder]) == 0
    output = capsys.readouterr().out
    assert "autopoint  3         2         8.5    not well" in output
    assert output.endswith("autopoint: a third of what is usual\n")


def test_a_report_that_fails_is_told_with_its_cause(
    server: ThreadingHTTPServer, folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    server.fails = True  # type: ignore[attr-defined]
    assert main(["report", "sources", "--stack", folder]) == 1
    assert "upkeep failed: the table is away" in capsys.readouterr().err
