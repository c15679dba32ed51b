import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from leadloop.intake.envelope import Envelope
from leadloop.intake.form import WITH_FILE_BYTES, check_form, other_wording
from leadloop.intake.policy import FieldRow, FormSource, PageRow, Wording
from leadloop.intake.read import Unreadable, read
from leadloop.model import errors
from leadloop.model.base import Fault
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
    told = (name, f"interest.{name}")
    assert made == posted(enveloped, form, GOOD).but(raw=made.raw, ignored=told)


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


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "multipart/mixed"])
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


def multipart(*parts: tuple[str, bytes]) -> bytes:
    """Each part by what its disposition says after `form-data; `."""
    lines = [
        b"--edge\r\nContent-Disposition: form-data; " + said.encode() + b"\r\n\r\n" + content
        for said, content in parts
    ]
    return b"\r\n".join([*lines, b"--edge--\r\n"])


MULTIPART = 'multipart/form-data; boundary="edge"'
PERSON = (('name="email"', b"ada@acme.example"), ('name="consent"', b"on"))


def test_a_multipart_form_becomes_the_same_submission(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    body = multipart(
        *PERSON, ('name="firma"', "Żółw & Co".encode()), ('name="x"; filename=""', b"")
    )
    made = check_form(enveloped(body, content_type=MULTIPART), body, form)
    assert (made.contact.email, made.contact.company) == ("ada@acme.example", "Żółw & Co")
    assert made.consent is not None


def test_a_file_is_refused_where_the_form_asks_for_none(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    body = multipart(*PERSON, ('name="cv"; filename="cv.pdf"', b"%PDF"))
    with pytest.raises(errors.FieldsInvalid, match="cv: takes no file") as caught:
        check_form(enveloped(body, content_type=MULTIPART), body, form)
    assert [fault.field for fault in caught.value.reasons if isinstance(fault, Fault)] == ["cv"]


@pytest.fixture
def drawings(form: FormSource) -> FormSource:
    row = FieldRow(name="drawing", kind="file", accept=(".pdf", ".png"))
    page = PageRow(fields=(FieldRow(name="email"), row))
    return form.but(fields={**form.fields, "drawing": "fields.drawing"}, page=page)


def test_a_file_that_was_asked_for_is_told_by_name_size_and_hash_and_stays_in_the_raw_record(
    enveloped: Callable[..., Envelope], drawings: FormSource
) -> None:
    plan = b"%PDF" + bytes(range(256)) * 200
    body = multipart(*PERSON, ('name="drawing"; filename="Plan \t 1.PDF"', plan))
    made = check_form(enveloped(body, content_type=MULTIPART), body, drawings)
    digest = hashlib.sha256(plan).hexdigest()
    assert made.fields["drawing"] == f"Plan 1.PDF ({len(plan)} bytes, sha256 {digest})"
    assert made.raw.body == body


@pytest.mark.parametrize(
    ("part", "what"),
    [
        (('name="drawing"; filename="run.exe"', b"MZ"), "these kinds only: .pdf, .png"),
        (('name="drawing"', b"my words"), "is to be a file"),
    ],
)
def test_what_is_no_such_file_is_refused_with_what_to_mend(
    enveloped: Callable[..., Envelope], drawings: FormSource, part: tuple[str, bytes], what: str
) -> None:
    body = multipart(*PERSON, part)
    with pytest.raises(errors.FieldsInvalid, match=what):
        check_form(enveloped(body, content_type=MULTIPART), body, drawings)


def test_a_form_with_files_takes_more_and_no_more_than_it_says(
    enveloped: Callable[..., Envelope], drawings: FormSource
) -> None:
    body = multipart(*PERSON, ('name="drawing"; filename="a.png"', b"x" * WITH_FILE_BYTES))
    with pytest.raises(errors.TooLarge, match=str(WITH_FILE_BYTES)):
        check_form(enveloped(body, content_type=MULTIPART), body, drawings)


@pytest.mark.parametrize(
    "body",
    [b"", b"--edge", b"--other\r\n", multipart(*PERSON)[:-9], multipart(('name="email"', b"\xff"))],
)
def test_a_broken_multipart_body_is_unreadable(
    enveloped: Callable[..., Envelope], form: FormSource, body: bytes
) -> None:
    with pytest.raises(errors.Unreadable):
        check_form(enveloped(body, content_type=MULTIPART), body, form)


def test_each_fault_names_the_field_as_it_was_sent(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    with pytest.raises(errors.FieldsInvalid) as caught:
        posted(enveloped, form, {"firma": "a\0b", "employees": "many"})
    found = {each.field: each.code for each in caught.value.reasons if isinstance(each, Fault)}
    assert found["firma"] == "nul"
    assert found["employees"] == "not_a_number"
    assert found["email"] == "required"
    assert found["consent"] == "consent_required"


def test_the_wording_that_was_shown_is_the_one_that_is_kept(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    assert form.consent is not None
    polish = Wording(version="v1-pl", text="Tak, piszcie do mnie.")
    both = form.but(consent=form.consent.but(translations={"pl": polish}))
    made = posted(enveloped, both, {**GOOD, "consent_version": "v1-pl"})
    assert made.consent is not None
    assert (made.consent.text_version, made.consent.purposes) == ("v1-pl", form.consent.purposes)


def test_a_wording_of_another_day_is_told_at_the_door_and_grants_nothing_behind_it(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    sent = {**GOOD, "consent_version": "v0"}
    (fault,) = other_wording(sent, form)
    assert (fault.code, fault.field) == ("consent_changed", "consent")
    made = posted(enveloped, form, sent)
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
    body = json.dumps(GOOD).encode()
    envelope = enveloped(body)
    if shown_before is not None:
        shown_at = envelope.received_at - timedelta(seconds=shown_before)
        envelope = envelope.but(shown_at=shown_at)
    found = read(envelope, body, form.but(minimum_seconds=3))
    codes = [reason.code for reason in found.reasons] if isinstance(found, Unreadable) else [None]
    assert codes == [code]
    assert not isinstance(read(envelope, body, form), Unreadable)


def test_what_the_script_tells_of_typing_and_device_is_kept_with_the_touch(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    made = posted(enveloped, form, {**GOOD, "typed_seconds": "41", "device": "d" * 100})
    assert made.touch is not None
    assert (made.touch.typed_seconds, made.touch.device) == (41, "d" * 64)


INNER = (
    "id", "owner_id", "owner", "pool", "partner_id", "score", "rating", "stage", "status", "cycle",
    "cap", "verified", "consent_at", "created_at", "version", "outcome", "lead_id", "source",
    "channel", "raw", "sha256", "test", "trap", "product_line", "interest.product_line",
)  # fmt: skip


def test_no_inner_field_can_be_set_from_outside_and_each_try_is_told(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    plain = posted(enveloped, form, GOOD)
    tried = posted(enveloped, form, {**GOOD, **dict.fromkeys(INNER, "9"), "utm_source": "x"})
    assert tried.ignored == INNER
    same = {name: getattr(plain, name) for name in ("raw", "touch", "ignored")}
    assert tried.but(**same) == plain


def test_only_so_many_ignored_names_are_kept_and_none_of_them_whole_pages(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    made = posted(enveloped, form, {**GOOD, **{f"{n}{'x' * 200}": "" for n in range(99)}})
    assert len(made.ignored) == 50
    assert max(map(len, made.ignored)) == 100
