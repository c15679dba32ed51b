"""What the tests of polling share: a site, a clock, the queue, and ways to break them."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from feeds.handler import handler
from leadloop.edge.live_playbook import playbook
from leadloop.edge.wiring import wired
from leadloop.intake.envelope import Envelope, sha256
from leadloop.playbook.model import Playbook
from leadloop.playbook.versions import stamped
from leadloop.store import checkpoints
from tests.contracts.servers import Said
from tests.functions.aws_fixture import SECTIONS, House, begin_anew
from tests.lambda_context import Call

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
CONTEXT = Call()
FEED = {
    "kind": "feed",
    "id": "fair",
    "product_line": "pumps",
    "country": "DE",
    "language": "en",
    "address": "https://fair.example/leads.xml",
    "fields": {"f_mail": "contact.email", "f_name": "contact.last_name"},
}


def rss(*guids: str) -> bytes:
    items = "".join(
        f"<item><guid>{g}</guid><f:mail>{g}@fair.example</f:mail><f:name>Né {g}</f:name></item>"
        for g in guids
    )
    return f'<rss version="2.0" xmlns:f="urn:f"><channel>{items}</channel></rss>'.encode()


class Site:
    """A web server whose feed can change; `asked` are the headers of each request for it."""

    clock: Any  # where the test's time stands

    def __init__(self) -> None:
        self.said: dict[str, Said] = {}
        self.asked: list[Mapping[str, str]] = []

    def publish(self, document: bytes, host: str = "fair.example") -> None:
        headers = {"ETag": f'"{sha256(document)}"', "Content-Type": "application/rss+xml"}
        self.said[f"/{host}/leads.xml"] = Said(200, document, headers)

    def answer(self, path: str, headers: Mapping[str, str]) -> Said:
        self.asked.append(headers)
        said = self.said.get(path, Said(404))
        if headers.get("If-None-Match") == said.headers.get("ETag", "none"):
            return Said(304)
        return said


def publish(home: House, **sources: Mapping[str, Any]) -> None:
    named = {name: {**source, "id": name} for name, source in sources.items()}
    sections = {**SECTIONS, "sources": {**SECTIONS["sources"], **named}}
    home.publish(stamped(Playbook.model_validate(sections)))
    begin_anew()


def polled(minutes: int) -> dict[str, int]:
    Site.clock.move_to(NOON + timedelta(minutes=minutes))
    return handler({}, CONTEXT)


def told(home: House) -> list[Envelope]:
    return [Envelope.model_validate(each) for each in home.waiting("submissions")]


def keys(home: House) -> list[str]:
    return sorted(each.key or "" for each in told(home))


def stored(home: House, source: str = "fair") -> checkpoints.Checkpoint:
    return checkpoints.read(home.table, [source])[source]


def home_source(_home: House) -> dict[str, Any]:
    return playbook().playbook.sources["fair"].model_dump(mode="json")


@contextmanager
def one_lost() -> Iterator[None]:
    """The queue takes a batch but for its first message. (It says so; nothing is really sent.)"""

    def answer(params: Mapping[str, Any], **_: object) -> Any:
        ids = [entry["Id"] for entry in json.loads(params["body"])["Entries"]]
        lost = {"Id": ids[0], "SenderFault": False, "Code": "InternalError"}
        taken = [{"Id": id_, "MessageId": id_, "MD5OfMessageBody": ""} for id_ in ids[1:]]
        said = {"Failed": [lost], "Successful": taken, "ResponseMetadata": {}}
        return SimpleNamespace(status_code=200), said

    events = wired()._sqs.meta.events
    events.register("before-call.sqs.SendMessageBatch", answer)
    try:
        yield
    finally:
        events.unregister("before-call.sqs.SendMessageBatch", answer)


class broken:  # noqa: N801 - reads as a sentence
    """An operation of AWS fails from its `after`-th call on, as when the process ends there."""

    def __init__(self, operation: str, after: int = 0) -> None:
        self._service, _, self._name = operation.partition(".")
        self._left = after

    def __enter__(self) -> None:
        client = wired().dynamodb if self._service == "dynamodb" else wired()._sqs
        self._events = client.meta.events
        self._events.register(f"before-call.{self._service}.{self._name}", self._fail)

    def __exit__(self, *_: object) -> None:
        self._events.unregister(f"before-call.{self._service}.{self._name}", self._fail)

    def _fail(self, **_: object) -> None:
        self._left -= 1
        if self._left < 0:
            raise ConnectionResetError("the test ends it here")
