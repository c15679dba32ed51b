import base64
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from leadloop.intake.envelope import Envelope, submission_id


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
