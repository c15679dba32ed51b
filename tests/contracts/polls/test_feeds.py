"""Polling of RSS against a real server: nothing is read twice, and nothing skipped."""

import gzip
import json

from feeds.handler import handler
from leadloop.intake.envelope import submission_id
from qualify.handler import handler as qualify
from tests.contracts.polls.polling import (
    CONTEXT,
    FEED,
    Site,
    broken,
    keys,
    one_lost,
    polled,
    publish,
    rss,
    stored,
    told,
)
from tests.contracts.servers import Said
from tests.functions.aws_fixture import House, again, sqs_event
from tests.lambda_context import Call


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
    assert handler({}, Call(seconds_left=30))["FeedsPolled"] == 0
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
    assert first.id != second.id
    assert first.key == "a"
    assert polled(20)["FeedEntries"] == 0


def test_another_person_under_a_guid_that_was_used_before_is_told_once(
    site: Site, home: House
) -> None:
    site.publish(rss("a"))
    polled(0)
    site.publish(rss("a").replace(b"a@fair", b"eve@fair"))
    assert [polled(minutes)["FeedEntries"] for minutes in (20, 40)] == [1, 0]
    first, other = told(home)
    assert (first.id == other.id, first.key) == (False, "a")


def test_a_date_or_a_count_that_changes_at_every_poll_is_no_news(site: Site, home: House) -> None:
    for n in range(3):
        passing = (
            b"<pubDate>%d Nov 2026</pubDate><slash:comments>%d</slash:comments>"
            b"<description>Seen %d times</description></item>"
        )
        site.publish(rss("a", "b").replace(b"</item>", passing % (n + 1, n, n)))
        polled(n * 20)
    assert keys(home) == ["a", "b"]


def test_a_feed_that_was_packed_unsaid_is_unpacked(site: Site) -> None:
    site.publish(gzip.compress(rss("a")))
    assert polled(0)["FeedEntries"] == 1
    site.publish(gzip.compress(b" " * 6_000_000))
    assert polled(20)["FeedsFailed"] == 1


def test_the_one_entry_that_the_queue_did_not_take_is_told_by_the_next_poll(
    site: Site, home: House
) -> None:
    site.publish(rss("a", "b"))
    with one_lost():
        assert polled(0)["FeedEntries"] == 1
    assert polled(20)["FeedEntries"] == 1
    assert keys(home) == ["a"]  # the other was never sent: see `one_lost`
