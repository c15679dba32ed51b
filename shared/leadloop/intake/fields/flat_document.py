"""Named values → a submission, with every fault at once."""

from collections.abc import Mapping
from itertools import islice

from leadloop.intake.captchas import CAPTCHAS
from leadloop.intake.envelope import Envelope
from leadloop.intake.fields.attribution import CLICK_IDS, UTM, read_touch
from leadloop.intake.fields.mapping import (
    CONSENT_FIELD,
    EMAIL_FIELD,
    NUMBER_FIELDS,
    SubmissionParts,
    build_parts,
    build_submission,
    missing_field_reasons,
    resolve_name,
    source_name,
)
from leadloop.intake.fields.placeholders import is_placeholder_address
from leadloop.intake.public_sources import ConsentText, PublicSource
from leadloop.intake.text.multipart import FilePart
from leadloop.model.base import Reason
from leadloop.model.errors import FieldsInvalid
from leadloop.model.submission import ConsentRecord, Submission, Touch

PARSER = "fields/2"  # the next number whenever the same bytes would be read differently


def check_document(
    envelope: Envelope,
    document: Mapping[str, object],
    source: PublicSource,
    consent: ConsentText | None,
    misfits: tuple[Reason, ...] = (),
) -> Submission:
    """A submission of flat named values; raises `FieldsInvalid` with every fault at once.

    `misfits` are faults that were found on the way to the values.
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
    lacks = missing_field_reasons(source.required, parts, source.fields)
    if lacks and is_placeholder_address(values.get(EMAIL_FIELD, "")):
        lacks = [_placeholder_fault(each, source) for each in lacks]
    reasons = [*misfits, *wrong_types, *faults, *lacks]
    if consent and consent.required and not parts.consent:
        what = "consent: has to be given"
        reasons.append(Reason(code="consent_required", text=what, field=CONSENT_FIELD))
    if reasons:
        raise FieldsInvalid(tuple(_with_sent_name(reason, document, source) for reason in reasons))
    return parts


def _placeholder_fault(lack: Reason, source: PublicSource) -> Reason:
    """Who sent `none@none.com` is told so, and not that there was nothing."""
    if resolve_name(lack.field or "", source.fields) != EMAIL_FIELD:
        return lack
    return lack.but(text=f"{lack.field}: stands for no address; send the person's own")


def _touch(envelope: Envelope, document: Mapping[str, object]) -> Touch:
    hints = {name: text for name in HINTS if isinstance(text := document.get(name), str)}
    return read_touch(envelope, hints)


def consent_record(
    envelope: Envelope, parts: SubmissionParts, text: ConsentText | None
) -> ConsentRecord | None:
    """The consent as it can be shown later, if it was asked for and given."""
    if text is None or not parts.consent:
        return None
    return ConsentRecord(
        purposes=text.purposes,
        text_version=text.version,
        at=envelope.received_at,
        ip=envelope.ip,
    )


def _known_texts(
    document: Mapping[str, object], source: PublicSource
) -> tuple[dict[str, str], list[Reason]]:
    """The values whose names we know, by our full names, and those of a wrong type."""
    values: dict[str, str] = {}
    reasons: list[Reason] = []
    for name, value in document.items():
        ours = resolve_name(name, source.fields)
        if ours is None or value is None:
            continue
        text = value_as_text(ours, value)
        if text is None:
            what = f"{name}: must be {_expected_type(ours)}"
            reasons.append(Reason(code="wrong_type", text=what, field=name))
        elif text or ours not in values:
            values[ours] = text
    return values, reasons


def value_as_text(ours: str, value: object) -> str | None:
    """A value as text, or None when its type is wrong for the field.

    A number is no text: a phone or postcode sent as one has lost its zeros already.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, FilePart):
        return value.summary
    if isinstance(value, bool):
        return str(value).lower() if ours == CONSENT_FIELD or ours.startswith("fields.") else None
    if isinstance(value, int) and (ours in NUMBER_FIELDS or ours.startswith("fields.")):
        return str(value)
    return None


def _expected_type(ours: str) -> str:
    if ours in NUMBER_FIELDS:
        return "a whole number"
    return "true or false" if ours == CONSENT_FIELD else "text"


def _with_sent_name(reason: Reason, document: Mapping[str, object], source: PublicSource) -> Reason:
    """The fault's field by the name that the sender gave it, or would have to."""
    if reason.field is None or reason.field in document or reason.field in source.fields:
        return reason
    ours = resolve_name(reason.field, {}) or reason.field
    sent = (name for name in document if resolve_name(name, source.fields) == ours)
    return reason.but(field=next(sent, source_name(ours, source.fields)))


CONSENT_VERSION_FIELD = "consent_version"  # what a page posts beside the box
VISITOR_FIELD = "visitor_id"  # what the visits' script keeps, if the visitor agreed
HINTS = frozenset({*UTM, *CLICK_IDS, "referrer", "landing_page", "typed_seconds", "device"})


# What our page and script add for themselves.
RESERVED_FIELDS = frozenset(
    {"submission_key", "page_token", "thank_you", CONSENT_VERSION_FIELD, VISITOR_FIELD, *HINTS}
    | {kind.field for kind in CAPTCHAS.values()}
)
MOST_IGNORED, MOST_NAME = 50, 100  # names that are told, and characters of each


def ignored_names(
    document: Mapping[str, object], source: PublicSource, *others: str | None
) -> tuple[str, ...]:
    """Names that nothing takes: a mapping that was forgotten, or somebody who tries `owner_id`.

    `others` are names that the door itself reads.
    """
    known = {*RESERVED_FIELDS, *others}
    names = (
        name for name in document if name not in known and not resolve_name(name, source.fields)
    )
    return tuple(name[:MOST_NAME] for name in islice(names, MOST_IGNORED))
