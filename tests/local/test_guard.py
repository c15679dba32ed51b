"""A killed emulator comes up again by itself, with the state that it saved last."""

import os
import signal
import threading
from pathlib import Path

from infra.local.aws import Aws
from infra.local.guard import EmulatorGuard
from infra.local.ministack import MiniStack
from infra.local.ports import Ports
from tests.local.test_ministack import eventually

WAIT = 60.0  # seconds; a restart takes about two


def queue_depth(aws: Aws, name: str) -> int:
    url = aws.sqs.get_queue_url(QueueName=name)["QueueUrl"]
    attributes = aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return int(attributes["ApproximateNumberOfMessages"])


def test_a_killed_emulator_is_started_again_from_what_it_saved_last(tmp_path: Path) -> None:
    renewed, lines = threading.Event(), list[str]()
    with MiniStack(tmp_path, ports=Ports.pick_free(), keep=True, save_every=0.2) as emulator:
        aws = Aws(emulator.endpoint)
        url = aws.sqs.create_queue(QueueName="waiting")["QueueUrl"]
        aws.sqs.send_message(QueueUrl=url, MessageBody="saved")
        saved = tmp_path / "state" / "sqs.json"
        eventually(lambda: saved.exists() and '"saved"' in saved.read_text(), within=WAIT)
        killed = emulator.pid
        assert killed
        with EmulatorGuard(emulator, renew=renewed.set, log=lines.append):
            os.kill(killed, signal.SIGKILL)
            assert renewed.wait(WAIT)
            assert emulator.pid not in {None, killed}
            assert queue_depth(aws, "waiting") == 1
    assert "the embedded AWS has ended (signal 9)" in lines[0]
    assert "s ago" in lines[0]
    assert "the system takes posts" in lines[1]


def test_an_emulator_that_is_stopped_by_us_stays_down(tmp_path: Path) -> None:
    lines: list[str] = []
    with (
        MiniStack(tmp_path, ports=Ports.pick_free(), keep=True) as emulator,
        EmulatorGuard(emulator, renew=lambda: None, log=lines.append),
    ):
        assert not emulator.has_ended
    assert not lines
    assert emulator.pid is None


def test_the_state_is_saved_at_once_when_asked(tmp_path: Path) -> None:
    with MiniStack(tmp_path, ports=Ports.pick_free(), keep=True) as emulator:
        Aws(emulator.endpoint).sqs.create_queue(QueueName="new")
        emulator.save_soon()
        saved = tmp_path / "state" / "sqs.json"
        eventually(lambda: saved.exists() and "/new" in saved.read_text(), within=WAIT)


def test_without_kept_data_nothing_is_saved(tmp_path: Path) -> None:
    with MiniStack(tmp_path, ports=Ports.pick_free()) as emulator:
        emulator.save_soon()
        Aws(emulator.endpoint).sqs.create_queue(QueueName="new")
    assert not (tmp_path / "state").exists() or not [*(tmp_path / "state").glob("*.json")]
