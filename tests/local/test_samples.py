import base64
import json
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from infra.local.client import Client
from infra.local.deploy import unpack_bundle
from infra.local.expectations import Expectation, Observation
from infra.local.report import format_samples
from infra.local.samples import (
    Sample,
    SampleResult,
    fill_placeholders,
    group_into_waves,
    read_samples,
    send_event,
)
from infra.local.stack_file import Smtp, StackFile

STACK = StackFile(
    endpoint="",
    api_url="",
    smtp=Smtp(host="", port=0),
    mail="",
    table="",
    buckets={},
    queues={},
    state_machines={},
    user_pool="",
    user_pool_client="",
    usage_plan="",
)


class Echo(BaseHTTPRequestHandler):
    """Answers with what it was asked."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        said = {
            "path": self.path,
            "kind": self.headers["Content-Type"],
            "hosts": self.headers.get_all("Host"),
            "body": base64.b64encode(body).decode(),
        }
        self.send_response(202)
        self.end_headers()
        self.wfile.write(json.dumps(said).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def echo() -> Iterator[Client]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Client(STACK.but(api_url=f"http://127.0.0.1:{server.server_port}/live"))
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("base64_encoded", [True, False])
def test_a_proxy_event_becomes_the_request_it_was_made_of(
    echo: Client, *, base64_encoded: bool
) -> None:
    body = "name=Łukasz&phone=٠١٢"
    event = {
        "httpMethod": "POST",
        "path": "/f/pumps",
        "headers": {"Host": "api.example.com", "content-type": "application/x-www-form-urlencoded"},
        "multiValueQueryStringParameters": {"utm_source": ["a b", "c"]},
        "queryStringParameters": {"utm_source": "c"},
        "body": base64.b64encode(body.encode()).decode() if base64_encoded else body,
        "isBase64Encoded": base64_encoded,
    }
    answer = send_event(echo, event)
    said = answer.json()
    assert answer.status == 202
    assert said["path"] == "/live/f/pumps?utm_source=a+b&utm_source=c"
    assert said["kind"] == "application/x-www-form-urlencoded"
    assert len(said["hosts"]) == 1
    assert base64.b64decode(said["body"]).decode() == body


def test_only_what_a_door_takes_is_a_sample(tmp_path: Path) -> None:
    for name, content in {
        "capture/good.json": '{"httpMethod": "POST"}',
        "relay/insert.json": '{"Records": []}',
        "mail_in/adf.eml": "From: a@b",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
        path.with_name(f"{path.stem}.expect.yaml").write_text("status: 202")
    assert [sample.name for sample in read_samples(tmp_path)] == ["capture/good", "mail_in/adf"]


def test_what_comes_after_another_case_is_sent_in_a_later_wave() -> None:
    waves = [
        [sample.name for sample in wave]
        for wave in group_into_waves(
            [
                case("capture/again", after="good"),
                case("capture/good"),
                case("partners/same", after="capture/again"),
                case("capture/cold"),
            ]
        )
    ]
    assert waves == [["capture/cold", "capture/good"], ["capture/again"], ["partners/same"]]


def test_a_case_after_one_that_is_not_there_is_named() -> None:
    with pytest.raises(KeyError, match="capture/no_such"):
        list(group_into_waves([case("capture/again", after="no_such")]))


def test_placeholders_are_filled_and_other_braces_left_alone() -> None:
    text = (
        '{"key": "{partner:autopoint}", "t": "{admin}", "l": "/leads/{lead:capture/good}", "x": {}}'
    )
    assert fill_placeholders(
        text, admin="T", partners={"autopoint": "K"}, leads={"capture/good": "L"}
    ) == ('{"key": "K", "t": "T", "l": "/leads/L", "x": {}}')


def test_the_report_is_aligned_and_says_which_sample_was_wrong() -> None:
    fine = SampleResult(case("capture/good"), Observation(status=202, outcome="lead", owner="mia"))
    wrong = SampleResult(
        case("a/b"), Observation(status=500), faults=("status is 500, expected 202",)
    )
    head, first, second = format_samples([fine, wrong]).splitlines()
    assert head.index("as expected") == first.index("yes") == second.index("no")


def test_equal_files_of_two_bundles_are_one_file_and_different_ones_are_not(tmp_path: Path) -> None:
    for name, handler in (("one", "a = 1"), ("two", "b = 2")):
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as bundle:
            bundle.writestr("library/core.py", "same")
            bundle.writestr("handler.py", handler)
    one, two = (unpack_bundle(tmp_path / f"{n}.zip", tmp_path / "out", n) for n in ("one", "two"))
    assert (one / "library/core.py").samefile(two / "library/core.py")
    assert (one / "handler.py").read_text() == "a = 1"
    assert (two / "handler.py").read_text() == "b = 2"


def case(name: str, *, after: str | None = None) -> Sample:
    return Sample(name, Path("events", f"{name}.json"), Expectation(after=after))
