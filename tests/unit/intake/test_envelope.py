import base64
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.intake.envelope import Envelope, sha256, submission_id
from leadloop.model.submission import Channel, Location

AT = datetime(2026, 3, 1, tzinfo=UTC)


@given(st.text(), st.text())
def test_an_id_is_26_base32_characters_and_always_the_same(source: str, key: str) -> None:
    made = submission_id(source, key)
    assert made == submission_id(source, key)
    assert len(made) == 26
    assert set(made) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


def test_source_and_key_cannot_be_shifted_into_each_other() -> None:
    assert submission_id("ab", "c") != submission_id("a", "bc")


def test_an_envelope_survives_the_queue_byte_for_byte(enveloped: Callable[..., Envelope]) -> None:
    sent = enveloped(b"\x00\xff{not json\r\n", ip=None)
    received = Envelope.model_validate_json(sent.model_dump_json())
    assert received == sent
    assert received.body == b"\x00\xff{not json\r\n"
    assert base64.b64encode(received.body).decode() in sent.model_dump_json()


def test_further_submissions_of_one_envelope_have_ids_of_their_own(
    enveloped: Callable[..., Envelope],
) -> None:
    envelope = enveloped(b"")
    assert envelope.part_id(1) == envelope.id
    assert envelope.part_id(2) == submission_id("src", "key-1#2")


def test_without_a_key_the_further_ids_hang_on_the_envelopes(
    enveloped: Callable[..., Envelope],
) -> None:
    envelope = enveloped(b"", key=None)
    assert envelope.part_id(3) == submission_id("src", f"{envelope.id}#3")


def test_an_envelope_is_named_by_its_key() -> None:
    envelope = Envelope.of("src", Channel.FORM, b"abc", "k", AT, drawn_id="01ULID", ip="1.2.3.4")
    assert envelope == Envelope(
        id=submission_id("src", "k"),
        source="src",
        channel=Channel.FORM,
        received_at=AT,
        sha256=sha256(b"abc"),
        size=3,
        body=b"abc",
        key="k",
        ip="1.2.3.4",
    )


def test_an_envelope_without_a_key_is_named_by_the_drawn_id() -> None:
    envelope = Envelope.of("src", Channel.FORM, b"", None, AT, drawn_id="01ULID")
    assert (envelope.id, envelope.key) == ("01ULID", None)
    with pytest.raises(ValueError, match="needs a drawn id"):
        Envelope.of("src", Channel.FORM, b"", None, AT)


def test_bytes_that_lie_elsewhere_do_not_travel_inside() -> None:
    place = Location(bucket="raw", key="in/1")
    envelope = Envelope.of("src", Channel.MAIL, b"abc", "in/1", AT, location=place)
    assert (envelope.body, envelope.location, envelope.size) == (None, place, 3)
