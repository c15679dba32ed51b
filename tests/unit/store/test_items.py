"""What an item looks like, how big it is, and what the stream's reader makes of it."""

import base64
import json
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.model.account import AccountRef
from leadloop.model.claim import ClaimRef, MailRef
from leadloop.model.consent import SuppressionRef
from leadloop.model.delivery import DeliveryRef, DeliveryState
from leadloop.model.lead import REJECTED_RETENTION, SubmissionOutcome, Timer, TimerKind
from leadloop.store import compression, keys
from leadloop.store.compression import ItemBody
from leadloop.store.items import (
    Item,
    Value,
    from_stream,
    item_size,
    to_entity,
    to_item,
)
from leadloop.store.keys import Keys
from tests.contracts.samples import (
    FORM,
    LEAD_ID,
    NOW,
    build_delivery,
    build_entry,
    build_full_lead,
    build_quarantined,
    entry_ref,
    words,
)

KEYS = Keys(b"pepper")
KEY = keys.record(LEAD_ID)
STORED = {  # by dictionary; each stays here for good
    1: "AXj5TDP4w2tgYBCthidDRPKpBToGAHrnCWI=",
    2: "Amhi92vFyGtgYBAFehijeKoFBgUAeucJYg==",
    3: "A0gs/2NLj2tgYBCtxpL0a4sSywF65wli",
}


def test_the_full_sample_lead_is_at_most_two_kilobytes() -> None:
    item = to_item(KEY, build_full_lead())
    plain = len(build_full_lead().model_dump_json(exclude_defaults=True))
    print(f"full sample lead: {item_size(item)} bytes (plain JSON {plain})")  # noqa: T201 - wanted
    assert item_size(item) <= 2_048


def test_a_lead_shows_its_earliest_timer_only() -> None:
    record = build_full_lead()
    assert record.lead is not None
    early = Timer(kind=TimerKind.STEP, at=NOW)
    late = Timer(kind=TimerKind.RECYCLE, at=NOW + timedelta(days=9))
    item = to_item(KEY, record.but(lead=record.lead.but(timers=(late, early))))
    assert item["due_at"] == "2026-11-21T09:30:15.123456Z"
    assert item["due_kind"] == "step"
    idle = to_item(KEY, record.but(lead=record.lead.but(timers=())))
    assert not any(name.startswith("due") for name in idle)


def test_a_row_of_a_list_stays_within_one_write_unit_however_long_a_name_is() -> None:
    record = build_full_lead()
    assert record.person is not None
    endless = record.person.contact.but(name="ไพศาล" * 500, company="č" * 2_000)
    item = to_item(KEY, record.but(person=record.person.but(contact=endless)))
    row = {n: item[n] for n in ("pk", "sk", "worklist", "priority", "card")}
    assert item_size(row) <= 1_024
    assert to_entity(item) == record.but(person=record.person.but(contact=endless))


def test_a_change_that_no_list_shows_writes_no_index() -> None:
    record = build_full_lead()
    assert record.lead is not None
    touched = record.but(version=record.version + 1, lead=record.lead.but(applied=("another",)))
    item, after = to_item(KEY, record), to_item(KEY, touched)
    assert {n: item[n] for n in item if n not in {"version", "body"}} == {
        n: after[n] for n in after if n not in {"version", "body"}
    }


def test_a_rejection_goes_after_ninety_days_and_nothing_else_does() -> None:
    record = build_quarantined("q", NOW)
    assert "ttl" not in to_item(keys.record("q"), record)
    assert "ttl" not in to_item(KEY, build_full_lead())
    rejected = record.but(outcome=SubmissionOutcome.REJECTED)
    ttl = to_item(keys.record("q"), rejected)["ttl"]
    assert ttl == int((NOW + REJECTED_RETENTION).timestamp())


@pytest.mark.parametrize("state", DeliveryState)
def test_a_delivery_shows_its_state_to_the_filter_and_its_retry_while_it_waits(
    state: DeliveryState,
) -> None:
    ref = DeliveryRef(LEAD_ID, "T#0")
    item = to_item(KEYS.of(ref), build_delivery(LEAD_ID).but(state=state, retry_at=NOW))
    assert item["state"] == state.value
    assert item["sk"] == "D#T#0"
    assert ("due_at" in item) == (state is DeliveryState.WAITING)


def _image(item: Item) -> dict[str, dict[str, str]]:
    """The item as the stream hands it to Lambda, through JSON."""

    def typed(value: Value) -> dict[str, str]:
        if isinstance(value, bytes):
            return {"B": base64.b64encode(value).decode()}
        return {"S": value} if isinstance(value, str) else {"N": str(value)}

    image: dict[str, dict[str, str]] = json.loads(
        json.dumps({name: typed(value) for name, value in item.items()})
    )
    return image


def test_a_stream_image_is_the_entity_again() -> None:
    of_entry = build_entry(LEAD_ID, 1)
    of_delivery = build_delivery(LEAD_ID)
    for key, entity in (
        (KEY, build_full_lead()),
        (KEYS.of(entry_ref(of_entry)), of_entry),
        (KEYS.of(DeliveryRef(LEAD_ID, "T#0")), of_delivery),
    ):
        assert from_stream(_image(to_item(key, entity))) == entity


def test_a_body_that_came_later_is_kept_beside_its_entry() -> None:
    later = build_entry(LEAD_ID, 1).but(raw=build_full_lead().raw.but(body=b"\x00\xff other bytes"))
    assert to_entity(to_item(KEYS.of(entry_ref(later)), later)) == later


def test_no_key_tells_whose_it_is() -> None:
    email = FORM["email"]
    refs = (ClaimRef("email", email), SuppressionRef(email, "all"), MailRef(email, "0" * 64))
    for ref in refs:
        assert email not in "".join(KEYS.of(ref))
        assert KEYS.of(ref) == Keys(b"pepper").of(ref)
        assert KEYS.of(ref).pk != Keys(b"another").of(ref).pk


def test_one_value_as_e_mail_and_as_phone_are_two_claims() -> None:
    assert KEYS.of(ClaimRef("email", "1")) != KEYS.of(ClaimRef("phone", "1"))
    assert KEYS.of(AccountRef("a.example")).pk == "ACCOUNT#a.example"


@given(st.lists(st.integers(-60_000, 60_000)), st.lists(st.integers(0, 10**6)))
def test_priorities_sort_as_text_by_score_down_and_age_up(
    totals: list[int], ages: list[int]
) -> None:
    ranked = [keys.priority(total, NOW) for total in sorted(totals, reverse=True)]
    assert ranked == sorted(ranked)
    aged = [keys.priority(5, NOW + timedelta(seconds=s, microseconds=s % 7)) for s in sorted(ages)]
    assert aged == sorted(aged)


@given(words, st.none() | st.binary())
def test_what_is_packed_comes_out_again(text: str, raw: bytes | None) -> None:
    for shape in (1, 2, 9):
        packed = compression.pack(text.encode(), raw, shape)
        assert compression.unpack(packed) == ItemBody(text.encode(), raw, shape)


@pytest.mark.parametrize("size", [0, 1, 580, 590, 610, 16_384, 70_000])
def test_a_body_of_any_size_comes_out_again(size: int) -> None:
    json_, raw = b'{"name":"' + b"x" * size + b'"}', Random(size).randbytes(size)
    for body in (raw, None):
        assert compression.unpack(compression.pack(json_, body)) == ItemBody(json_, body)


def test_a_claim_is_stored_as_it_is() -> None:
    packed = compression.pack(b'{"lead_id":"2GSGTT3W6XG6TULM7WRVB7KETK"}', None)
    assert b"2GSGTT3W6XG6TULM7WRVB7KETK" in packed
    assert len(packed) == 56


@pytest.mark.parametrize("version", compression.DICTIONARIES)
def test_items_packed_with_an_older_dictionary_stay_readable(version: int) -> None:
    # An edited dictionary makes stored items unreadable: these bytes were stored once.
    assert compression.unpack(base64.b64decode(STORED[version])) == ItemBody(
        b'{"stage":"qualified"}', b"raw", 1
    )


def test_a_small_body_lies_in_the_item_and_a_big_one_only_if_it_packs_well() -> None:
    assert compression.fits_inline(b"x" * 4_096)
    assert compression.fits_inline(b"x" * 100_000)
    assert not compression.fits_inline(Random(1).randbytes(5_000))
