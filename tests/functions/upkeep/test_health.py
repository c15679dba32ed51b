"""Every hour each source is looked at: what is not well is told once, and stands in a report."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from aws_lambda_powertools.utilities.typing import LambdaContext
from moto.core import DEFAULT_ACCOUNT_ID
from moto.sns.models import sns_backends

from leadloop.content.policy import CodeOffer
from leadloop.edge.reports import reconciliation, vendor_statements
from leadloop.edge.reports.reconciliation import HOUR, Reconciliation
from leadloop.edge.reports.vendor_statements import Statement, VendorCount
from leadloop.insight.policy import SourceHealth, UsualVolume
from leadloop.insight.reconciliation import ReconciliationRow
from leadloop.model.command import Actor
from leadloop.model.facts import Change
from leadloop.model.offer import OfferRef, OfferUsage
from leadloop.playbook.versions import stamp_version
from leadloop.policy.calendar import Week
from leadloop.store.commit import commit
from tests.functions.aws_fixture import PLAYBOOK, REGION, AwsFixture, reset_caches
from upkeep.handler import handler as upkeep

NOON = datetime(2026, 3, 2, 12, 5, tzinfo=UTC)
ALWAYS = UsualVolume(week=Week(always=True), zone="UTC", per_hour=10)
HEALTH = {"contact": SourceHealth(id="contact", hours=(ALWAYS,))}


@pytest.fixture(autouse=True)
def watched(home: AwsFixture) -> Iterator[None]:
    home.publish(stamp_version(PLAYBOOK.but(health=HEALTH)))
    with time_machine.travel(NOON, tick=False):
        yield


def account(hour: datetime, source: str, received: int) -> None:
    row = ReconciliationRow(
        hour=hour, source=source, received=received, lead=received, merged=0, quarantined=0,
        rejected=0, successors=0, missing=(),
    )  # fmt: skip
    kept = Reconciliation(since=hour, until=hour + HOUR, rows=(row,))
    reconciliation.put(reconciliation.report_name(hour), kept)


def looked(context: LambdaContext) -> Any:
    said: Any = upkeep({"task": "health"}, context)
    (source,) = said["sources"]
    return source


def others(context: LambdaContext) -> Any:
    said: Any = upkeep({"task": "health"}, context)
    return said["others"]


def rung(home: AwsFixture) -> list[str]:
    topic = sns_backends[DEFAULT_ACCOUNT_ID][REGION].topics[home.topic]
    return [message for _, message, *_ in topic.sent_notifications]


def test_a_source_that_brings_what_is_usual_is_well(
    home: AwsFixture, context: LambdaContext
) -> None:
    for back in range(1, 5):
        account(reconciliation.hour_of(NOON) - (back + 1) * HOUR, "contact", 10)
    source = looked(context)
    assert (source["received"], source["expected"], source["findings"]) == (40, 40, [])
    assert rung(home) == []


def test_silence_is_told_once_though_it_lasts_and_again_when_it_is_back(
    home: AwsFixture, context: LambdaContext
) -> None:
    account(reconciliation.hour_of(NOON) - 3 * HOUR, "contact", 10)
    account(reconciliation.hour_of(NOON) - 2 * HOUR, "portal", 2)
    assert [each["what"] for each in looked(context)["findings"]] == ["silence"]
    looked(context)
    (alarm,) = rung(home)
    assert "contact: nothing came in 1 h, where about 10 are usual" in alarm
    with time_machine.travel(NOON + HOUR, tick=False):
        account(reconciliation.hour_of(NOON) - HOUR, "contact", 40)
        assert looked(context)["findings"] == []
    with time_machine.travel(NOON + timedelta(hours=3), tick=False):
        looked(context)
    assert len(rung(home)) == 2


def test_hours_in_which_nothing_came_at_all_are_hours_of_silence(
    home: AwsFixture, context: LambdaContext
) -> None:
    account(reconciliation.hour_of(NOON) - 9 * HOUR, "contact", 10)
    assert [each["what"] for each in looked(context)["findings"]] == ["silence"]


def test_before_there_is_any_account_nobody_is_called_silent(
    home: AwsFixture, context: LambdaContext
) -> None:
    assert looked(context)["findings"] == []


def stated(count: int) -> None:
    claimed = VendorCount(source="portal", since=NOON - 2 * HOUR, until=NOON, count=count)
    vendor_statements.put(Statement(claimed=claimed, by=Actor(id="u-1", role="marketing"), at=NOON))


def test_a_vendor_who_counts_otherwise_is_told_until_we_count_the_same(
    home: AwsFixture, context: LambdaContext
) -> None:
    stated(2)
    (found,) = others(context)
    assert (found["source"], found["what"]) == ("portal", "count")
    upkeep({"task": "health"}, context)
    (alarm,) = rung(home)
    assert "portal: the vendor says 2 came from 2026-03-02 10:05 to" in alarm
    stated(3)
    upkeep({"task": "health"}, context)
    assert len(rung(home)) == 2
    stated(0)
    assert others(context) == []


def give_code(home: AwsFixture, offer: str, number: int) -> None:
    """As if a person had said yes to this offer, the first as number 1."""
    usage = OfferUsage(id=offer, version=number, taken=number, given=codes_digest(number))
    change = Change(OfferRef(offer), number - 1 or None, usage)
    assert not commit(home.table, [change])


def codes_digest(number: int) -> str:
    codes = "\0".join("ABC"[:number])
    return hashlib.sha256(codes.encode()).hexdigest()[:32]


def test_an_offer_that_runs_low_is_told_before_it_is_gone(
    home: AwsFixture, context: LambdaContext
) -> None:
    voucher = CodeOffer(id="voucher", kind="code", template="hello", codes=("A", "B", "C"), low=1)
    contact = PLAYBOOK.sources["contact"].but(offer="voucher")
    sources = {**PLAYBOOK.sources, "contact": contact}
    home.publish(stamp_version(PLAYBOOK.but(offers={"voucher": voucher}, sources=sources)))
    told = []
    for n in range(3):
        reset_caches()
        give_code(home, "voucher", n + 1)
        found = others(context)
        told.append([each["what"] for each in found])
    assert told == [[], ["offer_low"], ["offer_gone"]]
    assert "contact: 1 of “voucher” are left" in rung(home)[0]
    assert "contact: gives “voucher” to nobody any more: all 3 codes are given" in rung(home)[1]
