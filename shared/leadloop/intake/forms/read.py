"""Posts of landing-page forms, read strictly: JSON, urlencoded or multipart."""

from collections.abc import Mapping

from leadloop.intake.envelope import Envelope
from leadloop.intake.fields.flat_document import (
    PARSER,
    VISITOR_FIELD,
    _check_parts,
    _known_texts,
    _touch,
    consent_record,
    ignored_names,
)
from leadloop.intake.fields.mapping import SubmissionParts, build_parts, build_submission
from leadloop.intake.fields.visitor_id import read_visitor_id
from leadloop.intake.forms.metadata import apply_consent_version, bot_suspicions, read_captcha_token
from leadloop.intake.public_sources import FieldRow, PublicForm
from leadloop.intake.text.bodies import check_size, parse_body
from leadloop.intake.text.multipart import FilePart
from leadloop.intake.text.repeated_names import merge_brackets
from leadloop.model.base import Reason
from leadloop.model.submission import Submission

FORM_BYTES = 32 * 1024
WITH_FILE_BYTES = 128 * 1024  # as base64 it still fits into a message of the queue


def check_form(envelope: Envelope, body: bytes, source: PublicForm) -> Submission:
    """The submission of a post; its `unreadable` holds the reasons to suspect a bot.

    Raises:
        TooLarge: more than `most_bytes`. Unreadable: the body has no named values.
        FieldsInvalid: every fault of the values at once.

    """
    check_size(most_bytes(source), body)
    document = merge_brackets(parse_body(envelope.content_type, body), _known_names(source))
    parts = parse_form(document, source)
    if _hits_honeypot(document, source):
        return build_submission(envelope, parts, PARSER).but(trap=True)
    consent = consent_record(envelope, parts, source.consent)
    return build_submission(
        envelope,
        parts,
        PARSER,
        touch=_touch(envelope, document),
        consent=apply_consent_version(consent, document, source),
        unreadable=bot_suspicions(envelope, source),
    ).but(
        captcha=read_captcha_token(document, source),
        visitor=read_visitor_id(document.get(VISITOR_FIELD)),
        ignored=ignored_names(document, source, source.consent, source.honeypot),
    )


def parse_form(
    document: Mapping[str, object], source: PublicForm, faults: tuple[Reason, ...] = ()
) -> SubmissionParts:
    """The values of a post by our names; `faults` are those that the door found before.

    A post with a filled honeypot is not checked: a bot learns nothing from our answer.

    Raises:
        FieldsInvalid: every fault at once.

    """
    document = merge_brackets(document, _known_names(source))
    if _hits_honeypot(document, source):
        return build_parts(_known_texts(document, source)[0])[0]
    all_faults = (*faults, *_file_faults(document, source))
    return _check_parts(document, source, source.consent, all_faults)


def most_bytes(source: PublicForm) -> int:
    """The most bytes that a post of this form may have."""
    return WITH_FILE_BYTES if source.file_fields else FORM_BYTES


def _known_names(source: PublicForm) -> frozenset[str]:
    """The names that the source writes itself, be it with brackets."""
    return frozenset({*source.fields, *(row.name for row in source.page.fields)})


def _hits_honeypot(document: Mapping[str, object], source: PublicForm) -> bool:
    return bool(source.honeypot and str(document.get(source.honeypot) or "").strip())


def _file_faults(document: Mapping[str, object], source: PublicForm) -> tuple[Reason, ...]:
    rows = source.file_fields
    return tuple(
        Reason(code="file_refused", text=f"{name}: {fault}", field=name)
        for name, value in document.items()
        if (fault := _file_fault(value, rows.get(name)))
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
