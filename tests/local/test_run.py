import fcntl
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

from infra.local.ministack import ROOT, MiniStack
from infra.local.ports import PortInUse, Ports
from infra.local.run import RunInUse, run_system
from tests.local.test_samples import STACK


def test_a_run_that_is_up_already_is_told_with_its_addresses(tmp_path: Path) -> None:
    STACK.but(api_url="http://127.0.0.1:4566/live").write(tmp_path / "stack.json")
    with (tmp_path / "run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        place = run_system(tmp_path, ports=Ports.pick_free(), keep=True, log=print)
        with pytest.raises(RunInUse) as refusal, place:
            pass
    assert "a run is up already" in str(refusal.value)
    assert "its API is http://127.0.0.1:4566/live" in str(refusal.value)
    assert str(tmp_path / "stack.json") in str(refusal.value)


def test_a_port_that_another_run_holds_is_told_with_that_runs_addresses(
    emulator: MiniStack, tmp_path: Path
) -> None:
    with pytest.raises(PortInUse) as refusal:
        MiniStack(tmp_path, ports=Ports(gateway=emulator.ports.gateway)).start()
    home = emulator.log.parent
    assert f"a run is up there: its addresses are in {home}/stack.json" in str(refusal.value)
    assert "`make run PORT=5566`" in str(refusal.value)


def test_a_run_enforces_iam_unless_told_otherwise() -> None:
    assert inspect.signature(run_system).parameters["enforce_iam"].default is True


def test_make_run_takes_a_port() -> None:
    make = ["make", "--dry-run", "run", "PORT=5566"]
    output = subprocess.run(make, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "infra.local.run  --port 5566" in output
    ports = Ports.start_at(5566)
    assert (ports.gateway, ports.mail_in, ports.mail_out, ports.outside) == (5566, 5567, 5568, 5569)


def test_the_command_line_says_what_it_takes() -> None:
    command = [sys.executable, "-m", "infra.local.run", "--help"]
    output = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "--port N" in output
