"""What the tests of polling share: a site, a clock, the queue, and ways to break them."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from moto.core.botocore_stubber import MockRawResponse

from feeds.handler import handler
from leadloop.edge.live_playbook import playbook
from leadloop.edge.wiring import get_wiring
from leadloop.intake.envelope import Envelope, sha256
from leadloop.playbook.model import Playbook
from leadloop.playbook.versions import stamp_version
from leadloop.store import checkpoints
from tests.contracts.servers import WebResponse
from tests.functions.aws_fixture import SECTIONS, AwsFixture, reset_caches, signed_answers
from tests.lambda_context import FakeLambdaContext

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
CONTEXT = FakeLambdaContext()
FEED = {
    "kind": "feed",
    "id": "fair",
    "product_line": "pumps",
    "country": "DE",
    "language": "en",
    "address": "https://fair.example/leads.xml",
    "fields": {"f_mail": "contact.email", "f_name": "contact.last_name"},
}


def build_feed(*guids: str) -> bytes:
    items = "".join(
        f"<item><guid>{g}</guid><f:mail>{g}@fair.example</f:mail><f:name>Né {g}</f:name></item>"
        for g in guids
    )
    return f'<rss version="2.0" xmlns:f="urn:f"><channel>{items}</channel></rss>'.encode()


class Site:
    """A web server whose feed can change; `asked` are the headers of each request for it."""

    clock: Any  # where the test's time stands

    def __init__(self) -> None:
        self.said: dict[str, WebResponse] = {}
        self.asked: list[Mapping[str, str]] = []

    def publish(self, document: bytes, host: str = "fair.example") -> None:
        headers = {"ETag": f'"{sha256(document)}"', "Content-Type": "application/rss+xml"}
        self.said[f"/{host}/leads.xml"] = WebResponse(200, document, headers)

    def answer(self, path: str, headers: Mapping[str, str]) -> WebResponse:
        self.asked.append(headers)
        said = self.said.get(path, WebResponse(404))
        if headers.get("If-None-Match") == said.headers.get("ETag", "none"):
            return WebResponse(304)
        return said


def publish_sources(home: AwsFixture, **sources: Mapping[str, Any]) -> None:
    named = {name: {**source, "id": name} for name, source in sources.items()}
    sections = {**SECTIONS, "sources": {**SECTIONS["sources"], **named}}
    home.publish(stamp_version(Playbook.model_validate(sections)))
    reset_caches()


def poll_at(minutes: int) -> dict[str, int]:
    Site.clock.move_to(NOON + timedelta(minutes=minutes))
    return handler({}, CONTEXT)


def queued_envelopes(home: AwsFixture) -> list[Envelope]:
    return [Envelope.model_validate(each) for each in home.receive_messages("submissions")]


def queued_keys(home: AwsFixture) -> list[str]:
    return sorted(each.key or "" for each in queued_envelopes(home))


def read_checkpoint(home: AwsFixture, source: str = "fair") -> checkpoints.Checkpoint:
    return checkpoints.read(home.table, [source])[source]


def feed_source(_home: AwsFixture) -> dict[str, Any]:
    return playbook().playbook.sources["fair"].model_dump(mode="json")


@contextmanager
def drop_one_message() -> Iterator[None]:
    """The queue takes a batch but for its first message. (It says so; nothing is really sent.)"""

    def answer(request: AWSPreparedRequest) -> AWSResponse:
        body: Any = request.body
        ids = [entry["Id"] for entry in json.loads(body)["Entries"]]
        lost = {"Id": ids[0], "SenderFault": False, "Code": "InternalError"}
        taken = [{"Id": id_, "MessageId": id_, "MD5OfMessageBody": ""} for id_ in ids[1:]]
        said = json.dumps({"Failed": [lost], "Successful": taken}).encode()
        return AWSResponse(request.url, 200, HTTPHeaders(), MockRawResponse(said))

    answers = signed_answers()
    answers["sqs.SendMessageBatch"] = answer
    try:
        yield
    finally:
        del answers["sqs.SendMessageBatch"]


class FailingOperation:
    """An operation of AWS fails from its `after`-th call on, as when the process ends there."""

    def __init__(self, operation: str, after: int = 0) -> None:
        self._operation = operation
        self._left = after

    def __enter__(self) -> None:
        if self._operation.startswith("sqs."):
            signed_answers()[self._operation] = self._fail
        else:
            events = get_wiring().dynamodb.meta.events
            events.register(f"before-call.{self._operation}", self._fail)

    def __exit__(self, *_: object) -> None:
        if self._operation.startswith("sqs."):
            del signed_answers()[self._operation]
        else:
            events = get_wiring().dynamodb.meta.events
            events.unregister(f"before-call.{self._operation}", self._fail)

    def _fail(self, *_: object, **__: object) -> None:
        self._left -= 1
        if self._left < 0:
            raise ConnectionResetError("the test ends it here")
