"""What is kept beside the fields: consent, where somebody came from, how it was filled in."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from leadloop.intake.envelope import Envelope
from leadloop.intake.forms.metadata import consent_version_faults
from leadloop.intake.policy import FormSource
from leadloop.intake.public_sources import ConsentTranslation
from leadloop.intake.read import UnreadableEnvelope, read_envelope
from tests.unit.intake.posting import VALID_FIELDS, read_post, read_refusals


def test_consent_is_kept_with_its_proof(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    consent = read_post(enveloped, form, VALID_FIELDS).consent
    assert consent is not None
    assert (consent.purposes, consent.text_version) == (("marketing",), "2026-01")
    assert (consent.at.isoformat(), consent.ip) == ("2026-03-02T09:30:00+00:00", "203.0.113.9")


@pytest.mark.parametrize("value", [False, "", "no", "off", "0", None])
def test_consent_not_given_is_refused(
    enveloped: Callable[..., Envelope], form: FormSource, value: Any
) -> None:
    assert read_refusals(enveloped, form, {**VALID_FIELDS, "consent": value}) == {
        "consent": "consent_required"
    }


def test_a_filled_honeypot_is_taken_without_a_word(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    made = read_post(enveloped, form, {"fax_number": "1", "email": "\0"})
    assert made.trap


def test_an_empty_honeypot_is_no_trap(enveloped: Callable[..., Envelope], form: FormSource) -> None:
    assert not read_post(enveloped, form, {**VALID_FIELDS, "fax_number": ""}).trap


def test_campaign_data_is_kept_as_first_touch(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    touch = read_post(
        enveloped,
        form,
        {
            **VALID_FIELDS,
            "utm_source": "news",
            "gclid": "abc",
            "referrer": "https://search.example/",
            "landing_page": "https://acme.example/x?utm_source=old&utm_campaign=spring",
        },
        user_agent="UA",
    ).touch
    assert touch is not None
    assert (touch.utm_source, touch.utm_campaign, touch.click_id) == ("news", "spring", "gclid:abc")
    assert (touch.ip, touch.user_agent) == ("203.0.113.9", "UA")
    assert touch.referrer == "https://search.example/"


def test_a_tag_that_is_posted_counts_in_any_case_and_not_as_a_macro(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    page = "https://acme.example/x?utm_campaign=fruehling"
    tags = {"UTM_Source": "brief", "utm_campaign": "{campaignid}", "landing_page": page}
    made = read_post(enveloped, form, {**VALID_FIELDS, **tags})
    assert made.touch is not None
    assert (made.touch.utm_source, made.touch.utm_campaign) == ("brief", "fruehling")
    assert made.ignored == ()


def test_campaign_data_that_cannot_be_stored_refuses_nobody(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    touch = read_post(
        enveloped, form, {**VALID_FIELDS, "utm_source": "a\0b", "landing_page": "http://[x"}
    ).touch
    assert touch is not None
    assert touch.utm_source is None


def test_the_wording_that_was_shown_is_the_one_that_is_kept(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    assert form.consent is not None
    polish = ConsentTranslation(version="v1-pl", text="Tak, piszcie do mnie.")
    both = form.but(consent=form.consent.but(translations={"pl": polish}))
    made = read_post(enveloped, both, {**VALID_FIELDS, "consent_version": "v1-pl"})
    assert made.consent is not None
    assert (made.consent.text_version, made.consent.purposes) == ("v1-pl", form.consent.purposes)


def test_a_wording_of_another_day_is_told_at_the_door_and_grants_nothing_behind_it(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    sent = {**VALID_FIELDS, "consent_version": "v0"}
    (fault,) = consent_version_faults(sent, form)
    assert (fault.code, fault.field) == ("consent_changed", "consent")
    made = read_post(enveloped, form, sent)
    assert made.consent is not None
    assert (made.consent.text_version, made.consent.purposes) == ("v0", ())


@pytest.mark.parametrize(
    ("shown_before", "code"),
    [
        (None, "page_not_shown"),
        (1, "too_quick"),
        (3, None),
        (3600, None),
        (90000, "page_not_shown"),
    ],
)
def test_who_is_quicker_than_a_person_or_saw_no_page_is_held_back(
    enveloped: Callable[..., Envelope],
    form: FormSource,
    shown_before: int | None,
    code: str | None,
) -> None:
    body = json.dumps(VALID_FIELDS).encode()
    envelope = enveloped(body)
    if shown_before is not None:
        shown_at = envelope.received_at - timedelta(seconds=shown_before)
        envelope = envelope.but(shown_at=shown_at)
    found = read_envelope(envelope, body, form.but(minimum_seconds=3))
    codes = (
        [reason.code for reason in found.reasons]
        if isinstance(found, UnreadableEnvelope)
        else [None]
    )
    assert codes == [code]
    assert not isinstance(read_envelope(envelope, body, form), UnreadableEnvelope)


def test_what_the_script_tells_of_typing_and_device_is_kept_with_the_touch(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    made = read_post(enveloped, form, {**VALID_FIELDS, "typed_seconds": "41", "device": "d" * 100})
    assert made.touch is not None
    assert (made.touch.typed_seconds, made.touch.device) == (41, "d" * 64)
