"""Named values → a submission, with every fault at once."""

from collections.abc import Mapping
from itertools import islice

from leadloop.intake.captchas import CAPTCHAS
from leadloop.intake.envelope import Envelope
from leadloop.intake.fields.attribution import CLICK_IDS, UTM, touch_of
from leadloop.intake.fields.mapping import (
    CONSENT,
    EMAIL,
    NUMBERS,
    Parts,
    arrange,
    missing,
    name_of,
    submission_of,
    target,
)
from leadloop.intake.fields.placeholders import is_nobodys
from leadloop.intake.public_sources import ConsentText, Door
from leadloop.intake.text.multipart import FilePart
from leadloop.model.base import Reason
from leadloop.model.errors import FieldsInvalid
from leadloop.model.submission import ConsentGiven, Submission, Touch

PARSER = "fields/2"  # the next number whenever the same bytes would be read differently


def checked(
    envelope: Envelope,
    document: Mapping[str, object],
    source: Door,
    consent: ConsentText | None,
    misfits: tuple[Reason, ...] = (),
) -> Submission:
    """A submission of flat named values; raises `FieldsInvalid` with every fault at once.

    `misfits` are faults that were found on the way to the values.
    """
    parts = _parts(document, source, consent, misfits)
    return submission_of(
        envelope,
        parts,
        PARSER,
        touch=_touch(envelope, document),
        consent=proof(envelope, parts, consent),
    )


def _parts(
    document: Mapping[str, object],
    source: Door,
    consent: ConsentText | None,
    misfits: tuple[Reason, ...],
) -> Parts:
    values, wrong_types = _texts(document, source)
    parts, faults = arrange(values)
    lacks = missing(source.required, parts, source.fields)
    if lacks and is_nobodys(values.get(EMAIL, "")):
        lacks = [_stands_for_none(each, source) for each in lacks]
    reasons = [*misfits, *wrong_types, *faults, *lacks]
    if consent and consent.required and not parts.consent:
        what = "consent: has to be given"
        reasons.append(Reason(code="consent_required", text=what, field=CONSENT))
    if reasons:
        raise FieldsInvalid(tuple(_as_sent(reason, document, source) for reason in reasons))
    return parts


def _stands_for_none(lack: Reason, source: Door) -> Reason:
    """Who sent `none@none.com` is told so, and not that there was nothing."""
    if target(lack.field or "", source.fields) != EMAIL:
        return lack
    return lack.but(text=f"{lack.field}: stands for no address; send the person's own")


def _touch(envelope: Envelope, document: Mapping[str, object]) -> Touch:
    hints = {name: text for name in HINTS if isinstance(text := document.get(name), str)}
    return touch_of(envelope, hints)


def proof(envelope: Envelope, parts: Parts, text: ConsentText | None) -> ConsentGiven | None:
    """The consent as it can be shown later, if it was asked for and given."""
    if text is None or not parts.consent:
        return None
    return ConsentGiven(
        purposes=text.purposes,
        text_version=text.version,
        at=envelope.received_at,
        ip=envelope.ip,
    )


def _texts(document: Mapping[str, object], source: Door) -> tuple[dict[str, str], list[Reason]]:
    """The values whose names we know, by our full names, and those of a wrong type."""
    values: dict[str, str] = {}
    reasons: list[Reason] = []
    for name, value in document.items():
        ours = target(name, source.fields)
        if ours is None or value is None:
            continue
        text = text_of(ours, value)
        if text is None:
            what = f"{name}: must be {_wanted(ours)}"
            reasons.append(Reason(code="wrong_type", text=what, field=name))
        elif text or ours not in values:
            values[ours] = text
    return values, reasons


def text_of(ours: str, value: object) -> str | None:
    """A value as text, or None when its type is wrong for the field.

    A number is no text: a phone or postcode sent as one has lost its zeros already.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, FilePart):
        return value.told
    if isinstance(value, bool):
        return str(value).lower() if ours == CONSENT or ours.startswith("fields.") else None
    if isinstance(value, int) and (ours in NUMBERS or ours.startswith("fields.")):
        return str(value)
    return None


def _wanted(ours: str) -> str:
    if ours in NUMBERS:
        return "a whole number"
    return "true or false" if ours == CONSENT else "text"


def _as_sent(reason: Reason, document: Mapping[str, object], source: Door) -> Reason:
    """The fault's field by the name that the sender gave it, or would have to."""
    if reason.field is None or reason.field in document or reason.field in source.fields:
        return reason
    ours = target(reason.field, {}) or reason.field
    sent = (name for name in document if target(name, source.fields) == ours)
    return reason.but(field=next(sent, name_of(ours, source.fields)))


VERSION = "consent_version"  # what a page posts beside the box
VISITOR_FIELD = "visitor_id"  # what the visits' script keeps, if the visitor agreed
HINTS = frozenset({*UTM, *CLICK_IDS, "referrer", "landing_page", "typed_seconds", "device"})


# What our page and script add for themselves.
OUR_OWN = frozenset(
    {"submission_key", "page_token", "thank_you", VERSION, VISITOR_FIELD, *HINTS}
    | {kind.field for kind in CAPTCHAS.values()}
)
MOST_IGNORED, MOST_NAME = 50, 100  # names that are told, and characters of each


def ignored(document: Mapping[str, object], source: Door, *others: str | None) -> tuple[str, ...]:
    """Names that nothing takes: a mapping that was forgotten, or somebody who tries `owner_id`.

    `others` are names that the door itself reads.
    """
    known = {*OUR_OWN, *others}
    names = (name for name in document if name not in known and not target(name, source.fields))
    return tuple(name[:MOST_NAME] for name in islice(names, MOST_IGNORED))
