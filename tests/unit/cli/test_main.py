"""What every verb has in common: how it ends when something outside is not as it should be."""

import os
import subprocess
import sys
from pathlib import Path

import boto3
import pytest

from leadloop.cli.main import main


def test_who_reads_only_the_beginning_is_shown_no_traceback() -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "leadloop.cli.main", "playbook", "schema"],
        stdout=write,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (1, b"")


def test_what_aws_says_is_told_in_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    assert main(["partner", "add", "Autopoint", "--source", "autopoint", "--aws"]) == 1
    assert capsys.readouterr().err == "AWS: You must specify a region.\n"


def test_time_passes_only_in_a_run_that_is_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["travel", "--stack", str(tmp_path)]) == 1
    assert "`make run` writes it" in capsys.readouterr().err
