"""Flat named values, as a form or a partner posts them, become a submission.

All faults are reported at once, so that a sender mends them in one go.
"""

from collections.abc import Iterator, Mapping
from itertools import islice

from leadloop.intake.captchas import CAPTCHAS
from leadloop.intake.envelope import Envelope
from leadloop.intake.fields.attribution import CLICK_IDS, TAGS, UTM, known_tags, read_touch
from leadloop.intake.fields.contact_values import clean_address
from leadloop.intake.fields.mapping import (
    CONSENT_FIELD,
    EMAIL_FIELD,
    NUMBER_FIELDS,
    SubmissionParts,
    build_parts,
    build_submission,
    consent_answer,
    missing_field_reasons,
    resolve_name,
    source_name,
)
from leadloop.intake.fields.placeholders import is_placeholder_address
from leadloop.intake.public_sources import ConsentText, PublicSource
from leadloop.intake.text.multipart import FilePart
from leadloop.intake.text.repeated_names import join_values
from leadloop.model.base import Reason
from leadloop.model.errors import FieldsInvalid
from leadloop.model.submission import ConsentRecord, Submission, Touch

PARSER = "fields/5"  # the next number whenever the same bytes would be read differently
CONSENT_VERSION_FIELD = "consent_version"  # what a page posts beside the box
VISITOR_FIELD = "visitor_id"  # what the visits' script keeps, if the visitor agreed
HINTS = frozenset({*UTM, *CLICK_IDS, "referrer", "landing_page", "typed_seconds", "device"})
RESERVED_FIELDS = frozenset(  # what our page and script add for themselves
    {"submission_key", "page_token", "thank_you", "address_seen", CONSENT_VERSION_FIELD}
    | {VISITOR_FIELD, *HINTS}
    | {kind.field for kind in CAPTCHAS.values()}
)
MOST_IGNORED, MOST_NAME = 50, 100  # ignored names that are reported, and characters of each


def check_document(
    envelope: Envelope,
    document: Mapping[str, object],
    source: PublicSource,
    consent: ConsentText | None,
    misfits: tuple[Reason, ...] = (),
) -> Submission:
    """Build the submission of a document whose names are the source's.

    `misfits` are faults that were found on the way to the values.

    Raises:
        FieldsInvalid: with every fault, each by the name that the sender used.

    """
    parts = _check_parts(document, source, consent, misfits)
    return build_submission(
        envelope,
        parts,
        PARSER,
        touch=_touch(envelope, document),
        consent=consent_record(envelope, parts, consent),
    )


def _check_parts(
    document: Mapping[str, object],
    source: PublicSource,
    consent: ConsentText | None,
    misfits: tuple[Reason, ...],
) -> SubmissionParts:
    values, wrong_types = _known_texts(document, source)
    parts, faults = build_parts(values)
    missing = missing_field_reasons(source.required, parts, source.fields)
    if missing and is_placeholder_address(values.get(EMAIL_FIELD, "")):
        missing = [_placeholder_fault(reason, source) for reason in missing]
    reasons = [*misfits, *wrong_types, *faults, *missing]
    if consent and consent.required and not parts.consent:
        text = "consent: has to be given"
        reasons.append(Reason(code="consent_required", text=text, field=CONSENT_FIELD))
    if reasons:
        raise FieldsInvalid(tuple(_with_sent_name(reason, document, source) for reason in reasons))
    return parts


def _known_texts(
    document: Mapping[str, object], source: PublicSource
) -> tuple[dict[str, str], list[Reason]]:
    """The values whose names we know, by full names, and a reason for each of a wrong type."""
    values: dict[str, str] = {}
    reasons: list[Reason] = []
    for name, value in document.items():
        field = resolve_name(name, source.fields)
        if field is None or value is None:
            continue
        text = value_as_text(field, value)
        if text is None:
            fault = f"{name}: must be {_expected_type(field)}"
            reasons.append(Reason(code="wrong_type", text=fault, field=name))
        elif not values.get(field, "").strip():
            values[field] = text
    return values, reasons


def value_as_text(field: str, value: object) -> str | None:
    """The value as text, or None if its type is wrong for the field (a full name).

    A number is no text: a phone or postcode sent as one has lost its zeros already.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, FilePart):
        return value.summary
    if isinstance(value, list):
        return _ticks_as_text(field, value)
    is_own = field.startswith("fields.")
    if isinstance(value, bool):
        return str(value).lower() if field == CONSENT_FIELD or is_own else None
    if isinstance(value, int) and (field in NUMBER_FIELDS or is_own):
        return str(value)
    return None


def _ticks_as_text(field: str, values: list[object]) -> str | None:
    """The ticks of one question as one text; no question about the person has ticks."""
    if field.startswith("contact."):
        return None
    texts = [value_as_text(field, value) for value in values]
    if None in texts:
        return None
    text = join_values([text for text in texts if text is not None]) if texts else ""
    return text if isinstance(text, str) else None


def _expected_type(field: str) -> str:
    if field in NUMBER_FIELDS:
        return "a whole number"
    return "true or false" if field == CONSENT_FIELD else "text"


def _placeholder_fault(missing: Reason, source: PublicSource) -> Reason:
    """A sender of `none@none.com` reads what is wrong with it, not that nothing was sent."""
    if resolve_name(missing.field or "", source.fields) != EMAIL_FIELD:
        return missing
    return missing.but(text=f"{missing.field}: stands for no address; send the person's own")


def _with_sent_name(reason: Reason, document: Mapping[str, object], source: PublicSource) -> Reason:
    """The reason with its field by the name that the sender used, or would have to use."""
    if reason.field is None or reason.field in document or reason.field in source.fields:
        return reason
    field = resolve_name(reason.field, {}) or reason.field
    names = (name for name in document if resolve_name(name, source.fields) == field)
    return reason.but(field=next(names, source_name(field, source.fields)))


def _touch(envelope: Envelope, document: Mapping[str, object]) -> Touch:
    texts = {name: text for name, text in document.items() if isinstance(text, str)}
    hints = {name: text for name, text in texts.items() if name in HINTS}
    hints = {**known_tags(texts), **hints}
    return read_touch(envelope, hints)


def consent_record(
    envelope: Envelope, parts: SubmissionParts, text: ConsentText | None
) -> ConsentRecord | None:
    """The proof of consent, or None if none was asked for or the box is not ticked."""
    if text is None or not parts.consent:
        return None
    return ConsentRecord(
        purposes=text.purposes,
        text_version=text.version,
        at=envelope.received_at,
        ip=envelope.ip,
    )


def unused_names(
    document: Mapping[str, object], source: PublicSource, consent: ConsentText | None
) -> Iterator[str]:
    """The names of texts that their field does not take.

    It has a text by an earlier name already; or an address stands for none; or it tells of a
    consent and no `consent` was asked for.
    """
    taken: set[str] = set()
    for name, value in document.items():
        field = resolve_name(name, source.fields)
        text = None if field is None or value is None else value_as_text(field, value)
        if field is None or text is None or not text.strip():
            continue
        is_useless = (
            field == CONSENT_FIELD and consent is None and consent_answer(text) is not None
        ) or (field == EMAIL_FIELD and is_placeholder_address(clean_address(text).value))
        if field in taken or is_useless:
            yield name
        taken.add(field)


def ignored_names(
    document: Mapping[str, object],
    source: PublicSource,
    consent: ConsentText | None,
    *others: str | None,
) -> tuple[str, ...]:
    """The names in a document that no field takes: a forgotten mapping, or a try at `owner_id`.

    Also those of `unused_names`. `others` are names that the door itself reads.
    """
    known = {*RESERVED_FIELDS, *others}
    unused = frozenset(unused_names(document, source, consent))
    names = (
        name
        for name in document
        if name in unused
        or (
            name not in known and name.lower() not in TAGS and not resolve_name(name, source.fields)
        )
    )
    return tuple(name[:MOST_NAME] for name in islice(names, MOST_IGNORED))
