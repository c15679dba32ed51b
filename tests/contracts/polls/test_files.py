"""Polling of files against real servers: each is told once, whatever breaks."""

import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from leadloop.edge import table_sandbox
from leadloop.intake.envelope import Envelope
from qualify.handler import handler as qualify
from tests.contracts.polls.polling import (
    CONTEXT,
    FEED,
    NOON,
    FailingOperation,
    Site,
    drop_one_message,
    feed_source,
    poll_at,
    publish_sources,
    queued_envelopes,
    read_checkpoint,
)
from tests.contracts.servers import LOCALHOST, PASSWORD, USER, serve_ftp, serve_ftps
from tests.functions.aws_fixture import AwsFixture, batch_failures, sqs_event


@pytest.fixture
def drop(
    site: Site, home: AwsFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """The folder of an FTP server; the source `fair` is its drop."""
    # the name server, which would lead to a public address
    monkeypatch.setattr("feeds.polls.resolve_public_address", lambda *_: LOCALHOST)
    home.aws.secretsmanager.create_secret(
        Name="test/vendors/fair-drop", SecretString=f"{USER}\n{PASSWORD}"
    )
    with serve_ftp(tmp_path) as port:
        address = f"ftp://drop.example:{port}/"
        fields = {"Mail": "contact.email", "Name": "contact.last_name"}
        publish_sources(
            home, fair={**FEED, "address": address, "login": "fair-drop", "fields": fields}
        )
        yield tmp_path


def test_a_file_is_taken_once_it_no_longer_grows(home: AwsFixture, drop: Path) -> None:
    file = drop / "leads.csv"
    file.write_bytes(b"Mail;Name\na@fair.example;A\n")
    assert poll_at(0)["FeedEntries"] == 0
    file.write_bytes(b"Mail;Name\na@fair.example;A\nb@fair.example;B\n")
    assert poll_at(20)["FeedEntries"] == 0
    assert poll_at(40)["FeedEntries"] == 2
    assert poll_at(60)["FeedEntries"] == 0
    assert len(queued_envelopes(home)) == 2


def test_rows_become_leads_and_every_row_has_an_outcome(home: AwsFixture, drop: Path) -> None:
    (drop / "leads.csv").write_bytes(b"Mail;Name\na@fair.example;A\n;Nobody\nc@fair.example;C\n")
    poll_at(0)
    poll_at(20)
    for message in home.receive_messages("submissions"):
        assert qualify(sqs_event(json.dumps(message)), CONTEXT) == batch_failures()
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
    home: AwsFixture, drop: Path
) -> None:
    for name, (content, _) in FILES.items():
        (drop / name).write_bytes(content)
    poll_at(0)
    poll_at(20)
    messages = {m["key"].partition(":")[0]: m for m in home.receive_messages("submissions")}
    assert messages.keys() == FILES.keys()
    for name, (content, outcomes) in FILES.items():
        before = {record.id for record in home.records()}
        assert qualify(sqs_event(json.dumps(messages[name])), CONTEXT) == batch_failures()
        made = [record for record in home.records() if record.id not in before]
        assert sorted(str(record.outcome) for record in made) == outcomes, name
        lying = Envelope.model_validate(messages[name]).location
        assert lying is not None
        kept = home.aws.s3.get_object(Bucket=lying.bucket, Key=lying.key)["Body"].read()
        assert kept == content


def test_unfinished_and_unwanted_names_are_left_alone(home: AwsFixture, drop: Path) -> None:
    publish_sources(home, fair={**feed_source(home), "files": "leads-*"})
    for name in ("leads-1.csv.part", ".leads-2.csv", "other.csv", "leads-3.csv"):
        (drop / name).write_bytes(b"Mail\na@fair.example\n")
    poll_at(0)
    assert poll_at(20)["FeedEntries"] == 1


def test_the_same_name_with_other_bytes_is_news_and_with_the_same_is_not(
    home: AwsFixture, drop: Path
) -> None:
    file = drop / "leads.csv"
    file.write_bytes(b"Mail\na@fair.example\n")
    poll_at(0)
    poll_at(20)
    first = queued_envelopes(home)
    file.unlink()
    poll_at(40)
    file.write_bytes(b"Mail\na@fair.example\n")
    poll_at(60)
    poll_at(80)
    assert [each.id for each in queued_envelopes(home)] == [each.id for each in first]
    file.write_bytes(b"Mail\nb@fair.example\n")
    os.utime(file, (NOON.timestamp(), NOON.timestamp()))  # a server tells times by the second
    poll_at(100)
    poll_at(120)
    (other,) = queued_envelopes(home)
    assert other.id != first[0].id


def test_a_poll_that_dies_among_a_files_rows_tells_all_of_them_again(
    home: AwsFixture, drop: Path
) -> None:
    rows = b"".join(b"r%d@fair.example\n" % n for n in range(60))
    (drop / "leads.csv").write_bytes(b"Mail\n" + rows)
    poll_at(0)
    with FailingOperation("sqs.SendMessageBatch", after=5):
        assert poll_at(20)["FeedsFailed"] == 1
    part = {each.id for each in queued_envelopes(home)}
    assert 0 < len(part) < 60
    assert poll_at(40)["FeedEntries"] == 60
    whole = {each.id for each in queued_envelopes(home)}
    assert len(whole) == 60
    assert part < whole


def test_a_file_of_which_one_row_was_not_taken_is_told_again(home: AwsFixture, drop: Path) -> None:
    (drop / "leads.csv").write_bytes(b"Mail\na@fair.example\nb@fair.example\n")
    poll_at(0)
    with drop_one_message():
        assert poll_at(20)["FeedEntries"] == 1
    assert poll_at(40)["FeedEntries"] == 2
    assert poll_at(60)["FeedEntries"] == 0
    assert len(queued_envelopes(home)) == 2


def test_a_drop_whose_certificate_is_refused_loses_nothing_of_its_checkpoint(
    home: AwsFixture, drop: Path, authority: trustme.CA, tmp_path: Path
) -> None:
    """It says why; once the certificate is right again, only what is new is told."""
    source = feed_source(home)
    (drop / "a.csv").write_bytes(b"Mail\na@fair.example\n")
    with serve_ftps(tmp_path, authority) as port:
        publish_sources(home, fair={**source, "address": f"ftps://drop.example:{port}/"})
        poll_at(0)
        assert poll_at(20)["FeedEntries"] == 1
    before = read_checkpoint(home)
    with serve_ftps(tmp_path, trustme.CA()) as port:
        publish_sources(home, fair={**source, "address": f"ftps://drop.example:{port}/"})
        assert poll_at(40)["FeedsFailed"] == 1
    after = read_checkpoint(home)
    assert (after.seen, after.failed) == (before.seen, 1)
    assert after.said == "shows another's certificate"
    (drop / "b.csv").write_bytes(b"Mail\nb@fair.example\n")
    with serve_ftps(tmp_path, authority) as port:
        publish_sources(home, fair={**source, "address": f"ftps://drop.example:{port}/"})
        poll_at(60)
        assert poll_at(80)["FeedEntries"] == 1
    assert read_checkpoint(home).failed == 0


def test_a_file_that_cannot_be_had_holds_up_no_other_and_is_told_of(
    home: AwsFixture, drop: Path
) -> None:
    """Neither one that lies before it nor one that comes after it."""
    for name in ("a.csv", "c.csv"):
        (drop / name).write_bytes(b"Mail\n%s@fair.example\n" % name[:1].encode())
    with (drop / "b.csv").open("wb") as big:
        big.truncate(10_000_001)
    poll_at(0)
    poll_at(20)
    assert len(queued_envelopes(home)) == 2
    assert (read_checkpoint(home).failed, read_checkpoint(home).said[:7]) == (1, "b.csv: ")
    (drop / "d.csv").write_bytes(b"Mail\nd@fair.example\n")
    poll_at(40)
    poll_at(60)
    assert [each.key[:6] for each in queued_envelopes(home) if each.key] == ["d.csv:"]
    (drop / "b.csv").unlink()
    assert poll_at(80)["FeedsPolled"] == 1
    assert read_checkpoint(home).failed == 0


def test_a_workbook_that_ends_its_reader_is_for_a_person_and_holds_up_no_other(
    home: AwsFixture, drop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_sandbox, "MEMORY_BYTES", 30_000_000)  # any does, with so little
    with zipfile.ZipFile(drop / "a.xlsx", "w") as book:
        book.writestr("xl/workbook.xml", "<workbook/>")
    (drop / "b.csv").write_bytes(b"Mail\nb@fair.example\n")
    poll_at(0)
    assert poll_at(20)["FeedEntries"] == 2
    for message in home.receive_messages("submissions"):
        assert qualify(sqs_event(json.dumps(message)), CONTEXT) == batch_failures()
    outcomes = sorted(str(record.outcome) for record in home.records())
    assert outcomes == ["lead", "quarantined"]


def test_a_name_in_capitals_is_the_same_kind_of_file(home: AwsFixture, drop: Path) -> None:
    publish_sources(home, fair={**feed_source(home), "files": "leads-*.csv"})
    (drop / "LEADS-1.CSV").write_bytes(b"Mail\na@fair.example\n")
    poll_at(0)
    assert poll_at(20)["FeedEntries"] == 1


def test_without_its_secret_a_drop_is_not_asked(home: AwsFixture, drop: Path) -> None:
    publish_sources(home, fair={**feed_source(home), "login": "nowhere"})
    assert poll_at(0)["FeedsFailed"] == 1
    assert read_checkpoint(home).said == "there is no secret nowhere"
