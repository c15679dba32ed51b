"""Forms that are posted in parts, and the files that some of them ask for."""

import hashlib
from collections.abc import Callable

import pytest

from leadloop.intake.envelope import Envelope
from leadloop.intake.forms.read import WITH_FILE_BYTES, check_form
from leadloop.intake.policy import FormSource
from leadloop.intake.public_sources import FieldRow, PageRow
from leadloop.model import errors


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
    assert [fault.field for fault in caught.value.reasons] == ["cv"]


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
