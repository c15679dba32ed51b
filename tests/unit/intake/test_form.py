import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from leadloop.intake.envelope import Envelope
from leadloop.intake.form import check_form
from leadloop.intake.policy import FormSource
from leadloop.intake.read import Unreadable, read
from leadloop.model import errors
from leadloop.model.submission import Submission

GOOD = {"email": "ada@acme.example", "consent": True}


def posted(
    enveloped: Callable[..., Envelope], form: FormSource, values: Any, **more: Any
) -> Submission:
    body = json.dumps(values).encode()
    return check_form(enveloped(body, **more), body, form)


def refused(enveloped: Callable[..., Envelope], form: FormSource, values: Any) -> dict[str, str]:
    with pytest.raises(errors.FieldsInvalid) as caught:
        posted(enveloped, form, values)
    return {reason.text.partition(":")[0]: reason.code for reason in caught.value.reasons}


def test_a_json_form_becomes_a_submission(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    made = posted(
        enveloped,
        form,
        {**GOOD, "first_name": " Zoë ", "message": "Hi,\r\nplease call", "employees": 250},
    )
    assert made.contact.email == "ada@acme.example"
    assert made.contact.first_name == "Zoë"
    assert made.interest.message == "Hi,\nplease call"
    assert made.interest.employees == 250
    assert not made.unreadable


def test_an_urlencoded_form_becomes_the_same_submission(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    body = urlencode({"email": "ada@acme.example", "consent": "on", "firma": "Żółw & Co"}).encode()
    made = check_form(
        enveloped(body, content_type="application/x-www-form-urlencoded; charset=UTF-8"), body, form
    )
    assert (made.contact.email, made.contact.company) == ("ada@acme.example", "Żółw & Co")


def test_a_ticked_box_wins_over_its_hidden_twin(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    body = b"email=a%40b.example&consent=0&consent=1"
    envelope = enveloped(body, content_type="application/x-www-form-urlencoded")
    assert check_form(envelope, body, form).consent is not None


def test_names_are_mapped_and_own_fields_kept(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    made = posted(
        enveloped, form, {**GOOD, "firma": "Acme", "crm": "none yet", "mitarbeiter": "40"}
    )
    assert made.contact.company == "Acme"
    assert made.fields == {"crm_system": "none yet"}
    assert made.interest.employees == 40


@pytest.mark.parametrize(
    "name", ["owner_id", "score", "stage", "id", "trap", "product_line", "fields.x"]
)
def test_inner_names_have_no_way_in(
    enveloped: Callable[..., Envelope], form: FormSource, name: str
) -> None:
    made = posted(enveloped, form, {**GOOD, name: "hot", f"interest.{name}": "hot"})
    assert made == posted(enveloped, form, GOOD).but(raw=made.raw)


def test_all_that_is_wrong_is_said_at_once(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    wrong = {"first_name": 7, "message": "a\0b", "employees": "many", "city": "\ud800"}
    assert refused(enveloped, form, wrong) == {
        "first_name": "wrong_type",
        "interest.message": "nul",
        "interest.employees": "not_a_number",
        "contact.city": "surrogate",
        "email": "required",
        "consent": "consent_required",
    }


@pytest.mark.parametrize("value", [["a@b.example"], {"a": 1}, 12, 1.5, True])
def test_only_text_is_text(
    enveloped: Callable[..., Envelope], form: FormSource, value: Any
) -> None:
    assert refused(enveloped, form, {**GOOD, "email": value})["email"] in {"wrong_type", "required"}


@pytest.mark.parametrize("budget", ["۶۰۰۰۰", "۶۰٬۰۰۰", "٦٠٠٠٠٫٥٠", "๖๐,๐๐๐", "６００００"])
def test_a_number_may_be_written_in_the_digits_of_any_script(
    enveloped: Callable[..., Envelope], form: FormSource, budget: str
) -> None:
    assert posted(enveloped, form, {**GOOD, "budget": budget}).interest.budget == 60_000


def test_a_required_field_of_blanks_is_missing(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    assert refused(enveloped, form, {**GOOD, "email": "  "}) == {"email": "required"}


def test_consent_is_kept_with_its_proof(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    consent = posted(enveloped, form, GOOD).consent
    assert consent is not None
    assert (consent.purposes, consent.text_version) == (("marketing",), "2026-01")
    assert (consent.at.isoformat(), consent.ip) == ("2026-03-02T09:30:00+00:00", "203.0.113.9")


@pytest.mark.parametrize("value", [False, "", "no", "off", "0", None])
def test_consent_not_given_is_refused(
    enveloped: Callable[..., Envelope], form: FormSource, value: Any
) -> None:
    assert refused(enveloped, form, {**GOOD, "consent": value}) == {"consent": "consent_required"}


def test_a_filled_honeypot_is_taken_without_a_word(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    made = posted(enveloped, form, {"fax_number": "1", "email": "\0"})
    assert made.trap


def test_an_empty_honeypot_is_no_trap(enveloped: Callable[..., Envelope], form: FormSource) -> None:
    assert not posted(enveloped, form, {**GOOD, "fax_number": ""}).trap


def test_campaign_data_is_kept_as_first_touch(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    touch = posted(
        enveloped,
        form,
        {
            **GOOD,
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


def test_campaign_data_that_cannot_be_stored_refuses_nobody(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    touch = posted(
        enveloped, form, {**GOOD, "utm_source": "a\0b", "landing_page": "http://[x"}
    ).touch
    assert touch is not None
    assert touch.utm_source is None


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"[]", "one JSON object"),
        (b'"x"', "one JSON object"),
        (b"\xff\xfe", "not UTF-8"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": ' + b"9" * 5000 + b"}", "too long"),
        (b"[" * 20_000, "too deep"),
    ],
)
def test_what_is_no_json_object_is_said_to_be_none(
    enveloped: Callable[..., Envelope], form: FormSource, body: bytes, says: str
) -> None:
    with pytest.raises(errors.Unreadable, match=says):
        check_form(enveloped(body), body, form)


def test_more_than_32_kb_is_too_large(enveloped: Callable[..., Envelope], form: FormSource) -> None:
    body = b'{"message": "' + b"x" * 32 * 1024 + b'"}'
    with pytest.raises(errors.TooLarge, match="at most 32768"):
        check_form(enveloped(body), body, form)


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "multipart/form-data"])
def test_other_content_types_are_named(
    enveloped: Callable[..., Envelope], form: FormSource, content_type: str
) -> None:
    with pytest.raises(errors.Unreadable, match="application/json"):
        check_form(enveloped(b"x", content_type=content_type), b"x", form)


def test_a_form_flooded_with_fields_is_refused(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    body = b"&".join(b"a%d=1" % n for n in range(300))
    with pytest.raises(errors.Unreadable, match="200 fields"):
        check_form(enveloped(body, content_type="application/x-www-form-urlencoded"), body, form)


def test_the_reader_quarantines_what_a_door_would_refuse(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    body = b'{"first_name": "Ada"}'
    found = read(enveloped(body), body, form)
    assert isinstance(found, Unreadable)
    assert {reason.code for reason in found.reasons} == {"required", "consent_required"}
    assert found.submission.unreadable == found.reasons
    assert found.submission.raw.body == body


@pytest.mark.parametrize(
    "name", ["Zażółć Gęślą", "สมชาย ใจดี", "Nguyễn Thị Ánh", "می‌خواهم", "𠮷野家", "O’Neill-Müller"]
)
def test_names_keep_their_letters(
    enveloped: Callable[..., Envelope], form: FormSource, name: str
) -> None:
    assert posted(enveloped, form, {**GOOD, "name": name}).contact.name == name
