from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from leadloop.intake.envelope import Envelope
from leadloop.intake.forms.read import check_form
from leadloop.intake.policy import FormSource
from leadloop.intake.read import UnreadableEnvelope, read_envelope
from leadloop.model import errors
from tests.unit.intake.posting import VALID_FIELDS, read_post, read_refusals


def test_a_json_form_becomes_a_submission(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    made = read_post(
        enveloped,
        form,
        {**VALID_FIELDS, "first_name": " Zoë ", "message": "Hi,\r\nplease call", "employees": 250},
    )
    assert made.contact.email == "ada@acme.example"
    assert made.contact.first_name == "Zoë"
    assert made.interest.message == "Hi,\nplease call"
    assert made.interest.employees == 250
    assert not made.unreadable


URLENCODED = "application/x-www-form-urlencoded"


def test_an_urlencoded_form_becomes_the_same_submission(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    body = urlencode({"email": "ada@acme.example", "consent": "on", "firma": "Żółw & Co"}).encode()
    made = check_form(
        enveloped(body, content_type="application/x-www-form-urlencoded; charset=UTF-8"), body, form
    )
    assert (made.contact.email, made.contact.company) == ("ada@acme.example", "Żółw & Co")


def encoded(name: str, charset: str) -> bytes:
    fields = {"email": "ada@acme.example", "consent": "on", "firma": name}
    return urlencode(fields, encoding=charset).encode()


@pytest.mark.parametrize(
    ("charset", "label", "name"),
    [
        ("gb18030", "gb2312", "朱镕泵业"),
        ("cp932", "Shift_JIS", "㈱髙田ポンプ"),
        ("iso2022_jp", "iso-2022-jp", "青空ポンプ"),
        ("cp949", "euc-kr", "펲시 펌프"),
        ("cp1252", "ISO-8859-1", "O’Neil & Söhne"),
        ("cp1250", "windows-1250", "Żółw Łódź"),
        ("koi8-r", "koi8-r", "Насосы"),
        ("utf-8", "iso-8859-1", "Söhne"),  # a server that says so of every form
        ("utf-8", "x-nobody-knows", "Söhne"),
    ],
)
def test_a_form_is_read_in_the_charset_that_it_declares(
    enveloped: Callable[..., Envelope], form: FormSource, charset: str, label: str, name: str
) -> None:
    plain = encoded(name, charset)
    made = check_form(enveloped(plain, content_type=f"{URLENCODED}; charset={label}"), plain, form)
    assert made.contact.company == name
    by_field = plain + f"&_charset_={label}".encode()
    made = check_form(enveloped(by_field, content_type=URLENCODED), by_field, form)
    assert (made.contact.company, made.ignored) == (name, ())
    parts = {"email": b"ada@acme.example", "consent": b"on", "firma": name.encode(charset),
             "_charset_": label.encode()}  # fmt: skip
    pieces = (
        b'--X\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (key.encode(), value)
        for key, value in parts.items()
    )
    body = b"".join((*pieces, b"--X--\r\n"))
    made = check_form(enveloped(body, content_type="multipart/form-data; boundary=X"), body, form)
    assert (made.contact.company, made.ignored) == (name, ())


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (encoded("Söhne", "cp1252"), "the form is not UTF-8"),
        (
            encoded("Depö", "cp1252") + b"&_charset_=big5",
            "“big5” that it names was tried",
        ),
        (encoded("Söhne", "cp1252") + b"&_charset_=utf-7", "“utf-7” that it names is unknown"),
        (encoded("Söhne", "cp1252") + b"&_charset_=hex", "“hex” that it names is unknown"),
    ],
)
def test_a_form_in_no_charset_that_it_declares_is_refused_with_the_charset(
    enveloped: Callable[..., Envelope], form: FormSource, body: bytes, says: str
) -> None:
    with pytest.raises(errors.Unreadable, match=says):
        check_form(enveloped(body, content_type=URLENCODED), body, form)


def test_a_ticked_box_wins_over_its_hidden_twin(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    body = b"email=a%40b.example&consent=0&consent=1"
    envelope = enveloped(body, content_type="application/x-www-form-urlencoded")
    assert check_form(envelope, body, form).consent is not None


@pytest.mark.parametrize(
    ("ticks", "product"),
    [
        ("product=Pumpe&product=Filter", "Pumpe, Filter"),
        ("product%5B%5D=bomba&product%5B%5D=filtro&product%5B%5D=bomba", "bomba, filtro"),
        ("product%5B0%5D=pompe&product%5B1%5D=filtre", "pompe, filtre"),
        ("product=&product=Pumpe", "Pumpe"),
        ("product=&product=", None),
        ("crm%5B%5D=0&crm%5B%5D=1&product=x", "x"),
    ],
)
def test_several_ticks_of_one_question_are_joined(
    enveloped: Callable[..., Envelope], form: FormSource, ticks: str, product: str | None
) -> None:
    body = f"email=a%40b.example&consent=on&{ticks}".encode()
    made = check_form(enveloped(body, content_type=URLENCODED), body, form)
    assert (made.interest.product, made.ignored) == (product, ())
    assert made.fields.get("crm_system") == ("1" if "crm" in ticks else None)


def test_ticks_in_json_or_in_parts_are_joined_too(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    made = read_post(enveloped, form, {**VALID_FIELDS, "product": ["Pumpe", "Filter"]})
    assert made.interest.product == "Pumpe, Filter"
    parts = {"email": ["a@b.example"], "consent": ["", "on"], "product[]": ["Pumpe", "Filter"]}
    body = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
        for name, texts in parts.items()
        for text in texts
    )
    post = f"{body}--x--\r\n".encode()
    made = check_form(enveloped(post, content_type="multipart/form-data; boundary=x"), post, form)
    assert (made.interest.product, made.consent is not None) == ("Pumpe, Filter", True)


@pytest.mark.parametrize(
    ("box", "is_given"),
    [
        ("consent=&consent=on", True),
        ("consent=true&consent=false", True),  # the box before its hidden twin
        ("consent=no&consent=yes", True),
        ("consent=0", False),
        ("consent=&consent=0", False),
    ],
)
def test_a_box_and_its_hidden_twin_are_one_answer(
    enveloped: Callable[..., Envelope], form: FormSource, box: str, is_given: bool
) -> None:
    body = f"email=a%40b.example&{box}".encode()
    envelope = enveloped(body, content_type=URLENCODED)
    if not is_given:
        with pytest.raises(errors.FieldsInvalid, match="consent"):
            check_form(envelope, body, form)
        return
    assert check_form(envelope, body, form).consent is not None


def test_names_are_mapped_and_own_fields_kept(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    made = read_post(
        enveloped, form, {**VALID_FIELDS, "firma": "Acme", "crm": "none yet", "mitarbeiter": "40"}
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
    made = read_post(enveloped, form, {**VALID_FIELDS, name: "hot", f"interest.{name}": "hot"})
    told = (name, f"interest.{name}")
    assert made == read_post(enveloped, form, VALID_FIELDS).but(raw=made.raw, ignored=told)


def test_all_that_is_wrong_is_said_at_once(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    wrong = {"first_name": 7, "message": "a\0b", "employees": "many", "city": "\ud800"}
    assert read_refusals(enveloped, form, wrong) == {
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
    assert read_refusals(enveloped, form, {**VALID_FIELDS, "email": value})["email"] in {
        "wrong_type",
        "required",
    }


@pytest.mark.parametrize("budget", ["۶۰۰۰۰", "۶۰٬۰۰۰", "٦٠٠٠٠٫٥٠", "๖๐,๐๐๐", "６００００"])
def test_a_number_may_be_written_in_the_digits_of_any_script(
    enveloped: Callable[..., Envelope], form: FormSource, budget: str
) -> None:
    assert read_post(enveloped, form, {**VALID_FIELDS, "budget": budget}).interest.budget == 60_000


def test_a_required_field_of_blanks_is_missing(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    assert read_refusals(enveloped, form, {**VALID_FIELDS, "email": "  "}) == {"email": "required"}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "empty"),
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


@pytest.mark.parametrize("body", [b'{"email": "ada@acme.example"}', b'\n [{"a": "b=c"}]'])
def test_json_that_came_as_a_form_says_how_to_send_it(
    enveloped: Callable[..., Envelope], form: FormSource, body: bytes
) -> None:
    """Curl says so of whatever it posts."""
    with pytest.raises(errors.Unreadable, match="with Content-Type: application/json"):
        check_form(enveloped(body, content_type="application/x-www-form-urlencoded"), body, form)


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
    found = read_envelope(enveloped(body), body, form)
    assert isinstance(found, UnreadableEnvelope)
    assert {reason.code for reason in found.reasons} == {"required", "consent_required"}
    assert found.submission.unreadable == found.reasons
    assert found.submission.raw.body == body


@pytest.mark.parametrize(
    "name", ["Zażółć Gęślą", "สมชาย ใจดี", "Nguyễn Thị Ánh", "می‌خواهم", "𠮷野家", "O’Neill-Müller"]
)
def test_names_keep_their_letters(
    enveloped: Callable[..., Envelope], form: FormSource, name: str
) -> None:
    assert read_post(enveloped, form, {**VALID_FIELDS, "name": name}).contact.name == name


def test_each_fault_names_the_field_as_it_was_sent(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    with pytest.raises(errors.FieldsInvalid) as caught:
        read_post(enveloped, form, {"firma": "a\0b", "employees": "many"})
    found = {each.field: each.code for each in caught.value.reasons}
    assert found["firma"] == "nul"
    assert found["employees"] == "not_a_number"
    assert found["email"] == "required"
    assert found["consent"] == "consent_required"


INNER = (
    "id", "owner_id", "owner", "pool", "partner_id", "score", "rating", "stage", "status", "cycle",
    "cap", "verified", "consent_at", "created_at", "version", "outcome", "lead_id", "source",
    "channel", "raw", "sha256", "test", "trap", "product_line", "interest.product_line",
)  # fmt: skip


def test_no_inner_field_can_be_set_from_outside_and_each_try_is_told(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    plain = read_post(enveloped, form, VALID_FIELDS)
    tried = read_post(
        enveloped, form, {**VALID_FIELDS, **dict.fromkeys(INNER, "9"), "utm_source": "x"}
    )
    assert tried.ignored == INNER
    same = {name: getattr(plain, name) for name in ("raw", "touch", "ignored")}
    assert tried.but(**same) == plain


def test_only_so_many_ignored_names_are_kept_and_none_of_them_whole_pages(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    made = read_post(
        enveloped, form, {**VALID_FIELDS, **{f"{n}{'x' * 200}": "" for n in range(99)}}
    )
    assert len(made.ignored) == 50
    assert max(map(len, made.ignored)) == 100


def test_an_address_that_stands_for_none_is_told_as_such(
    enveloped: Callable[..., Envelope], form: FormSource
) -> None:
    with pytest.raises(errors.FieldsInvalid) as caught:
        read_post(enveloped, form, {**VALID_FIELDS, "email": "none@none.com"})
    (told,) = caught.value.reasons
    assert (told.code, told.field) == ("required", "email")
    assert told.text == "email: stands for no address; send the person's own"
