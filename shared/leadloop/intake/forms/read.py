"""Bodies of landing-page forms and of the desk: JSON, urlencoded or multipart, read strictly."""

from collections.abc import Mapping

from leadloop.intake.envelope import Envelope
from leadloop.intake.fields.flat_document import (
    PARSER,
    VERSION,
    VISITOR_FIELD,
    _parts,
    _texts,
    _touch,
    checked,
    ignored,
    proof,
)
from leadloop.intake.fields.mapping import (
    CONSENT,
    Parts,
    arrange,
    name_of,
    submission_of,
)
from leadloop.intake.fields.visitor_id import visitor_of
from leadloop.intake.forms.metadata import as_shown, hurry, solved
from leadloop.intake.public_sources import Door, FieldRow, FormDoor
from leadloop.intake.text.bodies import document_of, refuse_beyond
from leadloop.intake.text.multipart import FilePart
from leadloop.model.base import Reason
from leadloop.model.submission import Submission

FORM_BYTES = 32 * 1024
WITH_FILE_BYTES = 128 * 1024  # base64 in a message, it is still well below what a queue takes


def check_form(envelope: Envelope, body: bytes, source: FormDoor) -> Submission:
    """Who was too quick has `unreadable` reasons.

    Raises:
        TooLarge, Unreadable, FieldsInvalid: it says all there is to mend.

    """
    refuse_beyond(most_bytes(source), body)
    document = document_of(envelope.content_type, body)
    parts = understood(document, source)
    if _trapped(document, source):
        return submission_of(envelope, parts, PARSER).but(trap=True)
    return submission_of(
        envelope,
        parts,
        PARSER,
        touch=_touch(envelope, document),
        consent=as_shown(proof(envelope, parts, source.consent), document, source),
        unreadable=hurry(envelope, source),
    ).but(
        captcha=solved(document, source),
        visitor=visitor_of(document.get(VISITOR_FIELD)),
        ignored=ignored(document, source, source.honeypot),
    )


def understood(
    document: Mapping[str, object], source: FormDoor, misfits: tuple[Reason, ...] = ()
) -> Parts:
    """What a post says: all that a door has to know. Raises `FieldsInvalid`: all there is to mend.

    `misfits` are faults that the door found. A filled honeypot asks for nothing more: who fills it
    learns nothing from our answer.
    """
    if _trapped(document, source):
        return arrange(_texts(document, source)[0])[0]
    files = _file_faults(document, source)
    return _parts(document, source, source.consent, (*misfits, *files))


def _trapped(document: Mapping[str, object], source: FormDoor) -> bool:
    return bool(source.honeypot and str(document.get(source.honeypot) or "").strip())


def most_bytes(source: FormDoor) -> int:
    """What a post may weigh."""
    return WITH_FILE_BYTES if source.files else FORM_BYTES


def other_wording(document: Mapping[str, object], source: FormDoor) -> tuple[Reason, ...]:
    """A fault where the person was shown another text than today's: it is to be read again."""
    version = document.get(VERSION)
    if source.consent is None or version is None or version in source.consent.versions:
        return ()
    name = name_of(CONSENT, source.fields)
    text = f"{name}: the text has changed; it is to be read and agreed to again"
    return (Reason(code="consent_changed", text=text, field=name),)


def check_desk(envelope: Envelope, body: bytes, source: Door) -> Submission:
    """What a colleague typed in; as strict as a form, without consent and honeypot."""
    refuse_beyond(FORM_BYTES, body)
    document = document_of(envelope.content_type, body)
    submission = checked(envelope, document, source, None)
    return submission.but(ignored=ignored(document, source, "source"))


def _file_faults(document: Mapping[str, object], source: FormDoor) -> tuple[Reason, ...]:
    rows = source.files
    return tuple(
        Reason(code="file_refused", text=f"{name}: {what}", field=name)
        for name, value in document.items()
        if (what := _no_file(value, rows.get(name)))
    )


def _no_file(value: object, row: FieldRow | None) -> str | None:
    if row is None:
        return "takes no file; leave it out" if isinstance(value, FilePart) else None
    if not isinstance(value, FilePart):
        return "is to be a file, in a multipart post" if value else None
    endings = tuple(ending.casefold() for ending in row.accept)
    if not endings or value.filename.casefold().endswith(endings):
        return None
    return f"takes files of these kinds only: {', '.join(row.accept)}"
