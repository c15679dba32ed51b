"""Polling of RSS against a real server: nothing is read twice, and nothing skipped."""

import gzip
import json

from feeds.handler import handler
from leadloop.intake.envelope import submission_id
from qualify.handler import handler as qualify
from tests.contracts.polls.polling import (
    CONTEXT,
    FEED,
    FailingOperation,
    Site,
    build_feed,
    drop_one_message,
    poll_at,
    publish_sources,
    queued_envelopes,
    queued_keys,
    read_checkpoint,
)
from tests.contracts.servers import WebResponse
from tests.functions.aws_fixture import AwsFixture, batch_failures, sqs_event
from tests.lambda_context import FakeLambdaContext


def test_each_entry_is_told_once_and_the_feed_is_asked_only_for_news(
    site: Site, home: AwsFixture
) -> None:
    site.publish(build_feed("a", "b"))
    assert poll_at(0) == {"FeedsPolled": 1, "FeedsFailed": 0, "FeedEntries": 2}
    assert queued_keys(home) == ["a", "b"]
    assert poll_at(15)["FeedEntries"] == 0
    assert "If-None-Match" not in site.asked[0]
    assert "If-None-Match" in site.asked[1]
    site.publish(build_feed("c", "b"))
    assert poll_at(30)["FeedEntries"] == 1
    assert queued_keys(home) == ["c"]


def test_a_feed_is_asked_when_it_is_due_and_not_before(site: Site) -> None:
    site.publish(build_feed("a"))
    for minutes in (0, 5, 10, 15, 20):
        poll_at(minutes)
    assert len(site.asked) == 2


def test_an_entry_becomes_a_lead_and_its_document_is_kept_byte_for_byte(
    site: Site, home: AwsFixture
) -> None:
    document = build_feed("a")
    site.publish(document)
    poll_at(0)
    (message,) = home.receive_messages("submissions")
    assert qualify(sqs_event(json.dumps(message)), CONTEXT) == batch_failures()
    (record,) = home.records()
    assert (record.id, record.outcome) == (submission_id("fair", "a"), "lead")
    assert record.person.contact.last_name == "Né a"
    (kept,) = home.aws.s3.list_objects_v2(Bucket="raw", Prefix="fed/")["Contents"]
    body = home.aws.s3.get_object(Bucket="raw", Key=kept["Key"])["Body"].read()
    assert body == document


def test_what_was_told_before_a_crash_is_told_again_by_the_same_id(
    site: Site, home: AwsFixture
) -> None:
    site.publish(build_feed("a", "b"))
    with FailingOperation("dynamodb.PutItem", after=1):
        assert poll_at(0)["FeedsFailed"] == 1
    first = queued_envelopes(home)
    assert poll_at(20)["FeedEntries"] == 2
    second = queued_envelopes(home)
    assert [(e.id, e.sha256) for e in first] == [(e.id, e.sha256) for e in second]
    for each in (*first, *second):
        assert qualify(sqs_event(each.model_dump_json()), CONTEXT) == batch_failures()
    assert sorted(str(record.outcome) for record in home.records()) == ["lead", "lead"]


def test_what_the_queue_did_not_take_is_told_by_the_next_poll(site: Site, home: AwsFixture) -> None:
    site.publish(build_feed("a", "b"))
    with FailingOperation("sqs.SendMessageBatch"):
        assert poll_at(0)["FeedsFailed"] == 1
    assert queued_envelopes(home) == []
    assert poll_at(20)["FeedEntries"] == 2
    assert queued_keys(home) == ["a", "b"]


UNREADABLE = {
    "error": WebResponse(500),
    "redirect": WebResponse(301, b"", {"Location": "http://169.254.169.254/"}),
    "no feed": WebResponse(200, b"<html><body>Down for a while</body></html>"),
    "entities": WebResponse(200, b'<!DOCTYPE rss [<!ENTITY a "b">]><rss><channel/></rss>'),
    "too big": WebResponse(200, b"x" * 5_000_001),
}


def test_what_cannot_be_read_is_counted_and_told_and_forgets_nothing(
    site: Site, home: AwsFixture
) -> None:
    site.publish(build_feed("a"))
    poll_at(0)
    before = read_checkpoint(home)
    for n, (what, said) in enumerate(UNREADABLE.items(), 1):
        site.said["/fair.example/leads.xml"] = said
        assert poll_at(n * 20) == {"FeedsPolled": 0, "FeedsFailed": 1, "FeedEntries": 0}, what
        after = read_checkpoint(home)
        assert (after.failed, after.seen, after.etag) == (n, before.seen, before.etag)
        assert after.said
    site.publish(build_feed("a", "b"))
    assert poll_at(200)["FeedEntries"] == 1
    assert read_checkpoint(home).failed == 0


def test_one_feed_that_fails_holds_up_no_other(site: Site, home: AwsFixture) -> None:
    other = {**FEED, "address": "https://other.example/leads.xml"}
    publish_sources(home, fair=FEED, gone=other)
    site.publish(build_feed("a"))
    assert poll_at(0) == {"FeedsPolled": 1, "FeedsFailed": 1, "FeedEntries": 1}


def test_a_run_that_is_near_its_end_leaves_the_rest_to_the_next(site: Site) -> None:
    assert handler({}, FakeLambdaContext(seconds_left=30))["FeedsPolled"] == 0
    assert site.asked == []


def test_two_entries_of_one_guid_are_both_kept(site: Site, home: AwsFixture) -> None:
    document = build_feed("a") + b""
    twice = document.replace(
        b"</channel>",
        b"<item><guid>a</guid><f:mail>b@fair.example</f:mail></item></channel>",
    )
    site.publish(twice)
    poll_at(0)
    first, second = queued_envelopes(home)
    assert first.id != second.id
    assert first.key == "a"
    assert poll_at(20)["FeedEntries"] == 0


def test_another_person_under_a_guid_that_was_used_before_is_told_once(
    site: Site, home: AwsFixture
) -> None:
    site.publish(build_feed("a"))
    poll_at(0)
    site.publish(build_feed("a").replace(b"a@fair", b"eve@fair"))
    assert [poll_at(minutes)["FeedEntries"] for minutes in (20, 40)] == [1, 0]
    first, other = queued_envelopes(home)
    assert (first.id == other.id, first.key) == (False, "a")


def test_a_date_or_a_count_that_changes_at_every_poll_is_no_news(
    site: Site, home: AwsFixture
) -> None:
    for n in range(3):
        passing = (
            b"<pubDate>%d Nov 2026</pubDate><slash:comments>%d</slash:comments>"
            b"<description>Seen %d times</description></item>"
        )
        site.publish(build_feed("a", "b").replace(b"</item>", passing % (n + 1, n, n)))
        poll_at(n * 20)
    assert queued_keys(home) == ["a", "b"]


def test_a_feed_that_was_packed_unsaid_is_unpacked(site: Site) -> None:
    site.publish(gzip.compress(build_feed("a")))
    assert poll_at(0)["FeedEntries"] == 1
    site.publish(gzip.compress(b" " * 6_000_000))
    assert poll_at(20)["FeedsFailed"] == 1


def test_the_one_entry_that_the_queue_did_not_take_is_told_by_the_next_poll(
    site: Site, home: AwsFixture
) -> None:
    site.publish(build_feed("a", "b"))
    with drop_one_message():
        assert poll_at(0)["FeedEntries"] == 1
    assert poll_at(20)["FeedEntries"] == 1
    assert queued_keys(home) == ["a"]  # the other was never sent: see `one_lost`
