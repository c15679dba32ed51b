"""Bodies of landing-page forms and of the desk: JSON, urlencoded or multipart, read strictly."""

from collections.abc import Mapping

from leadloop.intake.envelope import Envelope
from leadloop.intake.fields.flat_document import (
    CONSENT_VERSION_FIELD,
    PARSER,
    VISITOR_FIELD,
    _check_parts,
    _known_texts,
    _touch,
    check_document,
    consent_record,
    ignored_names,
)
from leadloop.intake.fields.mapping import (
    CONSENT_FIELD,
    SubmissionParts,
    build_parts,
    build_submission,
    source_name,
)
from leadloop.intake.fields.visitor_id import read_visitor_id
from leadloop.intake.forms.metadata import apply_consent_version, bot_suspicions, read_captcha_token
from leadloop.intake.public_sources import FieldRow, PublicForm, PublicSource
from leadloop.intake.text.bodies import check_size, parse_body
from leadloop.intake.text.multipart import FilePart
from leadloop.model.base import Reason
from leadloop.model.submission import Submission

FORM_BYTES = 32 * 1024
WITH_FILE_BYTES = 128 * 1024  # base64 in a message, it is still well below what a queue takes


def check_form(envelope: Envelope, body: bytes, source: PublicForm) -> Submission:
    """Who was too quick has `unreadable` reasons.

    Raises:
        TooLarge, Unreadable, FieldsInvalid: it says all there is to mend.

    """
    check_size(most_bytes(source), body)
    document = parse_body(envelope.content_type, body)
    parts = parse_form(document, source)
    if _hits_honeypot(document, source):
        return build_submission(envelope, parts, PARSER).but(trap=True)
    return build_submission(
        envelope,
        parts,
        PARSER,
        touch=_touch(envelope, document),
        consent=apply_consent_version(
            consent_record(envelope, parts, source.consent), document, source
        ),
        unreadable=bot_suspicions(envelope, source),
    ).but(
        captcha=read_captcha_token(document, source),
        visitor=read_visitor_id(document.get(VISITOR_FIELD)),
        ignored=ignored_names(document, source, source.honeypot),
    )


def parse_form(
    document: Mapping[str, object], source: PublicForm, misfits: tuple[Reason, ...] = ()
) -> SubmissionParts:
    """What a post says: all that a door has to know. Raises `FieldsInvalid`: all there is to mend.

    `misfits` are faults that the door found. A filled honeypot asks for nothing more: who fills it
    learns nothing from our answer.
    """
    if _hits_honeypot(document, source):
        return build_parts(_known_texts(document, source)[0])[0]
    files = _file_faults(document, source)
    return _check_parts(document, source, source.consent, (*misfits, *files))


def _hits_honeypot(document: Mapping[str, object], source: PublicForm) -> bool:
    return bool(source.honeypot and str(document.get(source.honeypot) or "").strip())


def most_bytes(source: PublicForm) -> int:
    """What a post may weigh."""
    return WITH_FILE_BYTES if source.file_fields else FORM_BYTES


def consent_version_faults(
    document: Mapping[str, object], source: PublicForm
) -> tuple[Reason, ...]:
    """A fault where the person was shown another text than today's: it is to be read again."""
    version = document.get(CONSENT_VERSION_FIELD)
    if source.consent is None or version is None or version in source.consent.versions:
        return ()
    name = source_name(CONSENT_FIELD, source.fields)
    text = f"{name}: the text has changed; it is to be read and agreed to again"
    return (Reason(code="consent_changed", text=text, field=name),)


def check_desk(envelope: Envelope, body: bytes, source: PublicSource) -> Submission:
    """What a colleague typed in; as strict as a form, without consent and honeypot."""
    check_size(FORM_BYTES, body)
    document = parse_body(envelope.content_type, body)
    submission = check_document(envelope, document, source, None)
    return submission.but(ignored=ignored_names(document, source, "source"))


def _file_faults(document: Mapping[str, object], source: PublicForm) -> tuple[Reason, ...]:
    rows = source.file_fields
    return tuple(
        Reason(code="file_refused", text=f"{name}: {what}", field=name)
        for name, value in document.items()
        if (what := _file_fault(value, rows.get(name)))
    )


def _file_fault(value: object, row: FieldRow | None) -> str | None:
    if row is None:
        return "takes no file; leave it out" if isinstance(value, FilePart) else None
    if not isinstance(value, FilePart):
        return "is to be a file, in a multipart post" if value else None
    endings = tuple(ending.casefold() for ending in row.accept)
    if not endings or value.filename.casefold().endswith(endings):
        return None
    return f"takes files of these kinds only: {', '.join(row.accept)}"
