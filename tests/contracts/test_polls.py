"""Polling against real servers: nothing is read twice, and nothing skipped, whatever breaks."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine

from feeds.handler import handler
from leadloop.edge.playbooks import playbook
from leadloop.edge.wiring import wired
from leadloop.intake.envelope import Envelope, sha256, submission_id
from leadloop.playbook.model import Playbook
from leadloop.playbook.versions import stamped
from leadloop.store import checkpoints
from qualify.handler import handler as qualify
from tests.contracts.servers import HERE, PASSWORD, USER, Said, ftp, web
from tests.functions.house import SECTIONS, House, again, house, sqs_event

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
CONTEXT = SimpleNamespace(aws_request_id="r-1", get_remaining_time_in_millis=lambda: 300_000)
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


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    made = Site()
    with web(made.answer) as gateway, house(monkeypatch) as home:
        monkeypatch.setenv("OUTBOUND_GATEWAY", gateway)
        made.home = home  # type: ignore[attr-defined]
        publish(home, fair=FEED)
        yield made


@pytest.fixture
def home(site: Site) -> House:
    return site.home  # type: ignore[attr-defined,no-any-return]


def publish(home: House, **sources: Mapping[str, Any]) -> None:
    named = {name: {**source, "id": name} for name, source in sources.items()}
    sections = {**SECTIONS, "sources": {**SECTIONS["sources"], **named}}
    home.publish(stamped(Playbook.model_validate(sections)))
    wired.cache_clear()


@pytest.fixture(autouse=True)
def traveller() -> Iterator[None]:
    """The queue has a clock too, and forgets what is old."""
    with time_machine.travel(NOON, tick=True) as Site.clock:
        yield


def polled(minutes: int) -> dict[str, int]:
    Site.clock.move_to(NOON + timedelta(minutes=minutes))
    return handler({}, CONTEXT)


def told(home: House) -> list[Envelope]:
    return [Envelope.model_validate(each) for each in home.waiting("submissions")]


def keys(home: House) -> list[str]:
    return sorted(each.key or "" for each in told(home))


def stored(home: House, source: str = "fair") -> checkpoints.Checkpoint:
    return checkpoints.read(home.table, [source])[source]


def test_each_entry_is_told_once_and_the_feed_is_asked_only_for_news(
    site: Site, home: House
) -> None:
    site.publish(rss("a", "b"))
    assert polled(0) == {"FeedsPolled": 1, "FeedsFailed": 0, "FeedEntries": 2}
    assert keys(home) == ["a", "b"]
    assert polled(15)["FeedEntries"] == 0
    assert "If-None-Match" not in site.asked[0]
    assert "If-None-Match" in site.asked[1]
    site.publish(rss("c", "b"))
    assert polled(30)["FeedEntries"] == 1
    assert keys(home) == ["c"]


def test_a_feed_is_asked_when_it_is_due_and_not_before(site: Site) -> None:
    site.publish(rss("a"))
    for minutes in (0, 5, 10, 15, 20):
        polled(minutes)
    assert len(site.asked) == 2


def test_an_entry_becomes_a_lead_and_its_document_is_kept_byte_for_byte(
    site: Site, home: House
) -> None:
    document = rss("a")
    site.publish(document)
    polled(0)
    (message,) = home.waiting("submissions")
    assert qualify(sqs_event(json.dumps(message)), CONTEXT) == again()
    (record,) = home.records()
    assert (record.id, record.outcome) == (submission_id("fair", "a"), "lead")
    assert record.lead.contact.last_name == "Né a"
    (kept,) = home.aws.s3.list_objects_v2(Bucket="raw", Prefix="fed/")["Contents"]
    body = home.aws.s3.get_object(Bucket="raw", Key=kept["Key"])["Body"].read()
    assert body == document


def test_what_was_told_before_a_crash_is_told_again_by_the_same_id(site: Site, home: House) -> None:
    site.publish(rss("a", "b"))
    with broken("dynamodb.PutItem", after=1):
        assert polled(0)["FeedsFailed"] == 1
    first = told(home)
    assert polled(20)["FeedEntries"] == 2
    second = told(home)
    assert [(e.id, e.sha256) for e in first] == [(e.id, e.sha256) for e in second]
    for each in (*first, *second):
        assert qualify(sqs_event(each.model_dump_json()), CONTEXT) == again()
    assert sorted(str(record.outcome) for record in home.records()) == ["lead", "lead"]


def test_what_the_queue_did_not_take_is_told_by_the_next_poll(site: Site, home: House) -> None:
    site.publish(rss("a", "b"))
    with broken("sqs.SendMessageBatch"):
        assert polled(0)["FeedsFailed"] == 1
    assert told(home) == []
    assert polled(20)["FeedEntries"] == 2
    assert keys(home) == ["a", "b"]


UNREADABLE = {
    "error": Said(500),
    "redirect": Said(301, b"", {"Location": "http://169.254.169.254/"}),
    "no feed": Said(200, b"<html><body>Down for a while</body></html>"),
    "entities": Said(200, b'<!DOCTYPE rss [<!ENTITY a "b">]><rss><channel/></rss>'),
    "too big": Said(200, b"x" * 5_000_001),
}


def test_what_cannot_be_read_is_counted_and_told_and_forgets_nothing(
    site: Site, home: House
) -> None:
    site.publish(rss("a"))
    polled(0)
    before = stored(home)
    for n, (what, said) in enumerate(UNREADABLE.items(), 1):
        site.said["/fair.example/leads.xml"] = said
        assert polled(n * 20) == {"FeedsPolled": 0, "FeedsFailed": 1, "FeedEntries": 0}, what
        after = stored(home)
        assert (after.failed, after.seen, after.etag) == (n, before.seen, before.etag)
        assert after.said
    site.publish(rss("a", "b"))
    assert polled(200)["FeedEntries"] == 1
    assert stored(home).failed == 0


def test_one_feed_that_fails_holds_up_no_other(site: Site, home: House) -> None:
    other = {**FEED, "address": "https://other.example/leads.xml"}
    publish(home, fair=FEED, gone=other)
    site.publish(rss("a"))
    assert polled(0) == {"FeedsPolled": 1, "FeedsFailed": 1, "FeedEntries": 1}


def test_a_run_that_is_near_its_end_leaves_the_rest_to_the_next(site: Site) -> None:
    late = SimpleNamespace(aws_request_id="r-1", get_remaining_time_in_millis=lambda: 30_000)
    assert handler({}, late)["FeedsPolled"] == 0
    assert site.asked == []


def test_two_entries_of_one_guid_are_both_kept(site: Site, home: House) -> None:
    document = rss("a") + b""
    twice = document.replace(
        b"</channel>",
        b"<item><guid>a</guid><f:mail>b@fair.example</f:mail></item></channel>",
    )
    site.publish(twice)
    polled(0)
    first, second = told(home)
    assert first.id == second.id
    assert first.sha256 != second.sha256


def test_the_one_entry_that_the_queue_did_not_take_is_told_by_the_next_poll(
    site: Site, home: House
) -> None:
    site.publish(rss("a", "b"))
    with one_lost():
        assert polled(0)["FeedEntries"] == 1
    assert polled(20)["FeedEntries"] == 1
    assert keys(home) == ["a"]  # the other was never sent: see `one_lost`


# A drop of files


@pytest.fixture
def drop(
    site: Site, home: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """The folder of an FTP server; the source `fair` is its drop."""
    # the name server, which would lead to a public address
    monkeypatch.setattr("feeds.polls.public_address", lambda *_: HERE)
    home.aws.secretsmanager.create_secret(
        Name="test/vendors/fair-drop", SecretString=f"{USER}\n{PASSWORD}"
    )
    with ftp(tmp_path) as port:
        address = f"ftp://drop.example:{port}/"
        fields = {"Mail": "contact.email", "Name": "contact.last_name"}
        publish(home, fair={**FEED, "address": address, "login": "fair-drop", "fields": fields})
        yield tmp_path


def test_a_file_is_taken_once_it_no_longer_grows(home: House, drop: Path) -> None:
    file = drop / "leads.csv"
    file.write_bytes(b"Mail;Name\na@fair.example;A\n")
    assert polled(0)["FeedEntries"] == 0
    file.write_bytes(b"Mail;Name\na@fair.example;A\nb@fair.example;B\n")
    assert polled(20)["FeedEntries"] == 0
    assert polled(40)["FeedEntries"] == 2
    assert polled(60)["FeedEntries"] == 0
    assert len(told(home)) == 2


def test_rows_become_leads_and_every_row_has_an_outcome(home: House, drop: Path) -> None:
    (drop / "leads.csv").write_bytes(b"Mail;Name\na@fair.example;A\n;Nobody\nc@fair.example;C\n")
    polled(0)
    polled(20)
    for message in home.waiting("submissions"):
        assert qualify(sqs_event(json.dumps(message)), CONTEXT) == again()
    outcomes = sorted(str(record.outcome) for record in home.records())
    assert outcomes == ["lead", "lead", "quarantined"]


ADF = b"""<adf><prospect><customer><contact><name part="last">A</name>
<email>a@fair.example</email></contact></customer></prospect></adf>"""
MAILED = (
    b"From: x@fair.example\r\nSubject: Lead\r\n\r\nName: Carl Byron\r\nE-mail: c@fair.example\r\n"
)


FILES = {
    "a.xml": (ADF, ["lead"]),
    "b.json": (
        b'[{"Mail": "b@fair.example"}, {"Mail": 7}, 5]',
        ["lead", "quarantined", "quarantined"],
    ),
    "c.eml": (MAILED, ["lead"]),
    "d.pdf": (b"%PDF-1.7", ["quarantined"]),
    "empty.csv": (b"", ["quarantined"]),
    "f.xml": (b"<adf>", ["quarantined"]),
}


def test_a_file_of_any_kind_ends_in_named_states_with_its_bytes_kept(
    home: House, drop: Path
) -> None:
    for name, (content, _) in FILES.items():
        (drop / name).write_bytes(content)
    polled(0)
    polled(20)
    messages = {m["key"].partition(":")[0]: m for m in home.waiting("submissions")}
    assert messages.keys() == FILES.keys()
    for name, (content, outcomes) in FILES.items():
        before = {record.id for record in home.records()}
        assert qualify(sqs_event(json.dumps(messages[name])), CONTEXT) == again()
        made = [record for record in home.records() if record.id not in before]
        assert sorted(str(record.outcome) for record in made) == outcomes, name
        lying = Envelope.model_validate(messages[name]).location
        assert lying is not None
        kept = home.aws.s3.get_object(Bucket=lying.bucket, Key=lying.key)["Body"].read()
        assert kept == content


def test_unfinished_and_unwanted_names_are_left_alone(home: House, drop: Path) -> None:
    publish(home, fair={**home_source(home), "files": "leads-*"})
    for name in ("leads-1.csv.part", ".leads-2.csv", "other.csv", "leads-3.csv"):
        (drop / name).write_bytes(b"Mail\na@fair.example\n")
    polled(0)
    assert polled(20)["FeedEntries"] == 1


def test_the_same_name_with_other_bytes_is_news_and_with_the_same_is_not(
    home: House, drop: Path
) -> None:
    file = drop / "leads.csv"
    file.write_bytes(b"Mail\na@fair.example\n")
    polled(0)
    polled(20)
    first = told(home)
    file.unlink()
    polled(40)
    file.write_bytes(b"Mail\na@fair.example\n")
    polled(60)
    polled(80)
    assert [each.id for each in told(home)] == [each.id for each in first]
    file.write_bytes(b"Mail\nb@fair.example\n")
    os.utime(file, (NOON.timestamp(), NOON.timestamp()))  # a server tells times by the second
    polled(100)
    polled(120)
    (other,) = told(home)
    assert other.id != first[0].id


def test_a_poll_that_dies_among_a_files_rows_tells_all_of_them_again(
    home: House, drop: Path
) -> None:
    rows = b"".join(b"r%d@fair.example\n" % n for n in range(60))
    (drop / "leads.csv").write_bytes(b"Mail\n" + rows)
    polled(0)
    with broken("sqs.SendMessageBatch", after=5):
        assert polled(20)["FeedsFailed"] == 1
    part = {each.id for each in told(home)}
    assert 0 < len(part) < 60
    assert polled(40)["FeedEntries"] == 60
    whole = {each.id for each in told(home)}
    assert len(whole) == 60
    assert part < whole


def test_a_file_of_which_one_row_was_not_taken_is_told_again(home: House, drop: Path) -> None:
    (drop / "leads.csv").write_bytes(b"Mail\na@fair.example\nb@fair.example\n")
    polled(0)
    with one_lost():
        assert polled(20)["FeedEntries"] == 1
    assert polled(40)["FeedEntries"] == 2
    assert polled(60)["FeedEntries"] == 0
    assert len(told(home)) == 2


def test_without_its_secret_a_drop_is_not_asked(home: House, drop: Path) -> None:
    publish(home, fair={**home_source(home), "login": "nowhere"})
    assert polled(0)["FeedsFailed"] == 1
    assert stored(home).said == "there is no secret nowhere"


def home_source(_home: House) -> dict[str, Any]:
    return playbook().playbook.sources["fair"].model_dump(mode="json")


@contextmanager
def one_lost() -> Iterator[None]:
    """The queue takes a batch but for its first message. (It says so; nothing is really sent.)"""

    def answer(params: Mapping[str, Any], **_: object) -> tuple[SimpleNamespace, dict[str, Any]]:
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
