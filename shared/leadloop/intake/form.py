"""Bodies of landing-page forms and of the desk: JSON or urlencoded, read strictly."""

import json
from collections.abc import Mapping
from email.message import Message
from functools import lru_cache
from typing import NoReturn
from urllib.parse import parse_qsl

from leadloop.intake.attribution import CLICK_IDS, UTM, touch_of
from leadloop.intake.envelope import Envelope
from leadloop.intake.mapping import (
    CONSENT,
    NUMBERS,
    Parts,
    arrange,
    missing,
    submission_of,
    target,
)
from leadloop.intake.policy import ConsentText, DeskSource, FormSource, SourceBase
from leadloop.model.base import Reason
from leadloop.model.errors import FieldsInvalid, TooLarge, Unreadable
from leadloop.model.submission import ConsentGiven, Submission

PARSER = "fields/1"  # the next number whenever the same bytes would be read differently
FORM_BYTES = 32 * 1024
MOST_FIELDS = 200
HINTS = frozenset({*UTM, *CLICK_IDS, "referrer", "landing_page"})


def check_form(envelope: Envelope, body: bytes, source: FormSource) -> Submission:
    """Raises `TooLarge`, `Unreadable` or `FieldsInvalid`, which says all there is to mend.

    A filled honeypot asks for nothing more: who fills it learns nothing from our answer.
    """
    refuse_beyond(FORM_BYTES, body)
    document = document_of(envelope.content_type, body)
    if source.honeypot and str(document.get(source.honeypot) or "").strip():
        parts, _ = arrange(_texts(document, source)[0])
        return submission_of(envelope, parts, PARSER).but(trap=True)
    return checked(envelope, document, source, source.consent)


def check_desk(envelope: Envelope, body: bytes, source: DeskSource) -> Submission:
    """What a colleague typed in; as strict as a form, without consent and honeypot."""
    refuse_beyond(FORM_BYTES, body)
    return checked(envelope, document_of(envelope.content_type, body), source, None)


def refuse_beyond(most: int, body: bytes) -> None:
    """Raises `TooLarge`."""
    if len(body) > most:
        raise TooLarge(f"the body has {len(body)} bytes; send at most {most}")


def document_of(content_type: str | None, body: bytes) -> Mapping[str, object]:
    """The body as one flat object of named values; raises `Unreadable`."""
    match media_type(content_type):
        case "application/json" | "text/json":
            return json_object(body)
        case "application/x-www-form-urlencoded":
            return _pairs(body)
        case other:
            raise Unreadable(
                f"cannot read “{other}”; send application/json or application/x-www-form-urlencoded"
            )


@lru_cache(maxsize=32)  # a request asks three times, and the world knows few
def media_type(content_type: str | None) -> str:
    """`application/json` of "Application/JSON; charset=utf-8"; JSON where nothing is said."""
    message = Message()
    message["Content-Type"] = " ".join((content_type or "application/json").split())
    return message.get_content_type()


def json_object(body: bytes) -> dict[str, object]:
    """Raises `Unreadable` for all that is no JSON object in UTF-8."""
    try:
        document = json.loads(body.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise Unreadable(f"the body is not UTF-8 (byte {error.start})") from error
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"the body is not JSON: {error.msg}, line {error.lineno} column {error.colno}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise Unreadable("the body is JSON with a number too long or nested too deep") from error
    if not isinstance(document, dict):
        raise Unreadable("the body must be one JSON object")
    return document


def _no_constant(name: str) -> NoReturn:
    raise Unreadable(f"the body is not JSON: {name} is no value")


def _pairs(body: bytes) -> dict[str, object]:
    """The last value of a name counts, as for a check box behind its hidden twin."""
    try:
        pairs = parse_qsl(
            body.decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except UnicodeDecodeError as error:
        raise Unreadable("the form is not UTF-8") from error
    except ValueError as error:
        raise Unreadable(f"the form has more than {MOST_FIELDS} fields") from error
    return dict(pairs)


def checked(
    envelope: Envelope,
    document: Mapping[str, object],
    source: SourceBase,
    consent: ConsentText | None,
) -> Submission:
    """A submission of flat named values; raises `FieldsInvalid` with every fault at once."""
    values, wrong_types = _texts(document, source)
    parts, faults = arrange(values)
    reasons = [*wrong_types, *faults, *missing(source.required, parts, source.fields)]
    if consent and consent.required and not parts.consent:
        reasons.append(Reason(code="consent_required", text="consent: has to be given"))
    if reasons:
        raise FieldsInvalid(tuple(reasons))
    hints = {name: text for name in HINTS if isinstance(text := document.get(name), str)}
    return submission_of(
        envelope,
        parts,
        PARSER,
        touch=touch_of(envelope, hints),
        consent=proof(envelope, parts, consent),
    )


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


def _texts(
    document: Mapping[str, object], source: SourceBase
) -> tuple[dict[str, str], list[Reason]]:
    """The values whose names we know, by our full names, and those of a wrong type."""
    values: dict[str, str] = {}
    reasons: list[Reason] = []
    for name, value in document.items():
        ours = target(name, source.fields)
        if ours is None or value is None:
            continue
        text = text_of(ours, value)
        if text is None:
            reasons.append(Reason(code="wrong_type", text=f"{name}: must be {_wanted(ours)}"))
        elif text or ours not in values:
            values[ours] = text
    return values, reasons


def text_of(ours: str, value: object) -> str | None:
    """A value as text, or None when its type is wrong for the field.

    A number is no text: a phone or postcode sent as one has lost its zeros already.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower() if ours == CONSENT or ours.startswith("fields.") else None
    if isinstance(value, int) and (ours in NUMBERS or ours.startswith("fields.")):
        return str(value)
    return None


def _wanted(ours: str) -> str:
    if ours in NUMBERS:
        return "a whole number"
    return "true or false" if ours == CONSENT else "text"
