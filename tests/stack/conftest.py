"""The real templates, deployed to an embedded AWS of this session's own, each role enforced."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from infra.local import run
from infra.local.aws import Aws
from infra.local.client import Client
from infra.local.ports import Ports
from infra.local.stack_file import StackFile
from leadloop.edge.clock import pause
from leadloop.edge.live_playbook import PlaybookStore
from leadloop.model.lead import Record
from leadloop.model.pool import Pool
from leadloop.playbook.model import Playbook
from leadloop.store import keys
from leadloop.store.dynamodb import DynamoTable
from leadloop.store.items import Item, text_attribute, to_entity
from leadloop.store.keys import NO_PEPPER, Key, Keys

MOIRA_LIMIT = 7  # leads; the sample gives her none, so that her pool is always full


@dataclass(frozen=True)
class RunningSystem:
    """The system, as its makers see it: from outside, and into its table and queues."""

    stack: StackFile
    aws: Aws

    @cached_property
    def client(self) -> Client:
        return Client(self.stack)

    @cached_property
    def table(self) -> DynamoTable:
        return DynamoTable(self.aws.dynamodb, self.stack.table, Keys(NO_PEPPER), pause)

    @property
    def playbook(self) -> Playbook:
        """The live one."""
        return PlaybookStore(self.aws.s3, self.stack.buckets["playbook"]).live().playbook

    def items(self) -> list[Item]:
        """All of the table."""
        pages = self.aws.dynamodb.get_paginator("scan").paginate(TableName=self.stack.table)
        seen = (item for page in pages for item in page["Items"])
        return [*self.table.get([Key(item["pk"]["S"], item["sk"]["S"]) for item in seen]).values()]

    def records(self) -> dict[str, Record]:
        known = [
            to_entity(item) for item in self.items() if text_attribute(item, "sk") == keys.RECORD
        ]
        return {each.id: each for each in known if isinstance(each, Record)}

    def pools(self) -> dict[str, Pool]:
        known = [to_entity(item) for item in self.items() if text_attribute(item, "sk") == "POOL"]
        return {each.id: each for each in known if isinstance(each, Pool)}

    def count_messages(self) -> dict[str, int]:
        """How many messages each queue holds, those being worked on included."""
        return {name: self._count_queue(url) for name, url in self.stack.queues.items()}

    def wait_until_idle(self, within: float = 60) -> dict[str, int]:
        """What the queues still hold when nothing moves any more, or the time is up."""
        deadline = time.monotonic() + within
        while any((now := self.count_messages()).values()) and time.monotonic() < deadline:
            time.sleep(0.25)
        return {name: count for name, count in now.items() if count}

    def _count_queue(self, url: str) -> int:
        kinds = ("", "NotVisible", "Delayed")
        names = [f"ApproximateNumberOfMessages{kind}" for kind in kinds]
        said = self.aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
        held = said["Attributes"].items()
        return sum(int(count) for name, count in held if name in names)


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's playbook, where somebody in Leeds takes a few leads."""
    folder = tmp_path_factory.mktemp("company") / "acme"
    shutil.copytree(run.SAMPLE_PLAYBOOK, folder)
    islands = folder / "pools" / "islands.yaml"
    text = islands.read_text()
    assert "max_open: 0" in text
    islands.write_text(text.replace("max_open: 0", f"max_open: {MOIRA_LIMIT}"))
    (folder / "examples" / "islands-full.yaml").unlink()  # it holds for the full pool only
    return folder


@pytest.fixture(scope="session")
def running(company: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    home = tmp_path_factory.mktemp("system")
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(run, "SAMPLE_PLAYBOOK", company)
        place = run.run_system(
            home, ports=Ports.pick_free(), keep=False, enforce_iam=True, log=print
        )
        with place as (stack, aws):
            yield RunningSystem(stack, aws)


@pytest.fixture(scope="session")
def client(running: RunningSystem) -> Client:
    return running.client


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What a test measured and nobody holds to a limit."""
    for each in terminalreporter.getreports("passed"):
        for name, told in each.user_properties:
            if isinstance(told, str):
                terminalreporter.write_line(f"{name}: {told}")
