"""Which system a command works on."""

import argparse
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from leadloop.cli.main import main
from leadloop.cli.stacks import (
    NoSystem,
    add_system_arguments,
    find_run,
    find_system,
)

OUTPUTS = {"TableName": "leads", "PlaybookBucketName": "books", "PartnerPlanId": "plan"}


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def options(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_system_arguments(parser)
    return parser.parse_args(words)


def write_run(folder: Path, port: int) -> None:
    folder.mkdir(exist_ok=True)
    addresses = {
        "endpoint": f"http://127.0.0.1:{port}",
        "mail": str(folder / "mail"),
        "table": "laptop-leads",
        "buckets": {"playbook": "laptop-books"},
        "usage_plan": "laptop-plan",
        "upkeep": "laptop-upkeep",
        "admin": "a token that commands do not need",
    }
    folder.joinpath("stack.json").write_text(json.dumps(addresses))


@pytest.fixture
def port(loopback: None) -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.usefixtures("loopback")
@pytest.mark.parametrize(("folder", "words"), [(".local", ()), ("other", ("--stack", "other"))])
def test_a_run_that_is_up_is_found_by_its_folder(folder: str, words: tuple[str, ...]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        write_run(Path(folder), listening.getsockname()[1])
        system = find_system(options(*words))
    assert (system.table, system.playbook_bucket) == ("laptop-leads", "laptop-books")
    assert (system.usage_plan, system.upkeep) == ("laptop-plan", "laptop-upkeep")
    assert str(listening) not in system.label
    assert system.client("s3").meta.endpoint_url.startswith("http://127.0.0.1:")


def test_a_run_that_is_down_is_not_silently_replaced_by_aws(port: int) -> None:
    write_run(Path(".local"), port)
    with pytest.raises(NoSystem, match=r"start it by `make run`, or say `--aws`"):
        find_system(options())


class CloudFormation(BaseHTTPRequestHandler):
    """Describes any stack, with outputs."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        members = "".join(
            f"<member><OutputKey>{key}</OutputKey><OutputValue>{value}</OutputValue></member>"
            for key, value in OUTPUTS.items()
        )
        stack = f"<member><StackName>any</StackName><Outputs>{members}</Outputs></member>"
        result = f"<DescribeStacksResult><Stacks>{stack}</Stacks></DescribeStacksResult>"
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"<DescribeStacksResponse>{result}</DescribeStacksResponse>".encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def cloudformation(loopback: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A shell with an AWS account in Ireland."""
    with ThreadingHTTPServer(("127.0.0.1", 0), CloudFormation) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}"
        for name, value in (
            ("AWS_ENDPOINT_URL_CLOUDFORMATION", address),
            ("AWS_DEFAULT_REGION", "eu-west-1"),
            ("AWS_ACCESS_KEY_ID", "testing"),
            ("AWS_SECRET_ACCESS_KEY", "testing"),
        ):
            monkeypatch.setenv(name, value)
        yield
        server.shutdown()
        thread.join()


@pytest.mark.usefixtures("cloudformation")
@pytest.mark.parametrize("has_run", [False, True])
def test_the_stacks_on_aws_are_found_without_a_run_or_when_asked_for(
    port: int, *, has_run: bool
) -> None:
    if has_run:
        write_run(Path(".local"), port)
    system = find_system(options("--aws") if has_run else options())
    assert (system.table, system.upkeep) == ("leads", "")
    assert "eu-west-1" in system.label


def test_a_folder_without_a_run_is_named() -> None:
    with pytest.raises(NoSystem, match=r"elsewhere/stack\.json is missing"):
        find_run(Path("elsewhere"))


@pytest.mark.parametrize(
    "words",
    [
        ["partner", "add", "Autopoint", "--source", "autopoint"],
        ["report", "reconciliation"],
        ["mail", "list"],
        ["mail", "show", "1"],
        ["travel"],
    ],
)
def test_every_command_for_a_run_says_what_to_start(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--stack", "elsewhere"]) == 1
    assert "`make run` writes it" in capsys.readouterr().err
