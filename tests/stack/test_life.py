"""The laptop run comes up again with its data, and leaves nothing behind when it goes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from infra.local.client import Client
from infra.local.ministack import ROOT
from infra.local.ports import Ports
from infra.local.run import has_no_data, run_system
from tests.stack.people import callback_person, post_form
from tests.stack.test_links import eventually

AGAIN_WITHIN = 45.0  # seconds on two busy cores; on an idle machine about ten


def test_a_second_run_is_up_soon_with_the_data_of_the_first_and_both_leave_nothing(
    tmp_path: Path,
) -> None:
    first = Ports.pick_free()
    with run_system(tmp_path, ports=first, keep=True, log=print) as (stack, aws):
        assert has_no_data(stack, aws)
        client = Client(stack)
        submission = str(
            post_form(client, "homecare-callback", callback_person(1)).json()["submission_id"]
        )
        eventually(lambda: client.submission(submission), "it has its outcome")
        key = stack.partners["autopoint"]
        assert processes_of(tmp_path)
    assert processes_of(tmp_path) == []
    first.require_free()

    began = time.monotonic()
    with run_system(tmp_path, ports=Ports.pick_free(), keep=True, log=print) as (stack, aws):
        assert time.monotonic() - began < AGAIN_WITHIN
        assert not has_no_data(stack, aws)
        assert Client(stack).submission(submission) is not None
        assert stack.partners["autopoint"] == key
        again = post_form(Client(stack), "homecare-callback", callback_person(1))
        assert again.json()["submission_id"] == submission
    assert processes_of(tmp_path) == []


def test_an_interrupted_run_leaves_no_process_and_no_file_behind(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "infra.local.run", "--once"],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdout
        assert any("deployed" in line for line in run.stdout)
        assert processes_of(tmp_path)
        run.send_signal(signal.SIGINT)
        assert run.wait(timeout=60) == 130
    assert processes_of(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def processes_of(home: Path) -> list[str]:
    """Command lines of whatever runs with a home in this folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = process.joinpath("environ").read_bytes()
            command = process.joinpath("cmdline").read_bytes()
        except OSError:
            continue
        if f"HOME={home}".encode() in environment and command:
            found.append(command.replace(b"\0", b" ").decode())
    return found


def test_processes_are_found_by_their_home() -> None:
    home = next(
        line.removeprefix("HOME=")
        for line in Path("/proc/self/environ").read_text().split("\0")
        if line.startswith("HOME=")
    )
    assert any("pytest" in command for command in processes_of(Path(home)))
