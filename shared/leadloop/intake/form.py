"""Bodies of landing-page forms and of the desk: JSON, urlencoded or multipart, read strictly."""

import json
from collections.abc import Mapping
from email.message import Message
from functools import lru_cache
from typing import NoReturn
from urllib.parse import parse_qsl

from leadloop.intake.attribution import touch_of
from leadloop.intake.doors import ConsentText, Door, FieldRow, FormDoor
from leadloop.intake.envelope import Envelope
from leadloop.intake.filled_in import (
    HINTS,
    VERSION,
    VISITOR_FIELD,
    as_shown,
    hurry,
    ignored,
    solved,
)
from leadloop.intake.mapping import (
    CONSENT,
    EMAIL,
    NUMBERS,
    Parts,
    arrange,
    missing,
    name_of,
    shown,
    submission_of,
    target,
)
from leadloop.intake.multipart import FilePart, parts_of
from leadloop.intake.placeholders import is_nobodys
from leadloop.intake.visitor import visitor_of
from leadloop.model.base import Reason
from leadloop.model.errors import FieldsInvalid, TooLarge, Unreadable
from leadloop.model.submission import ConsentGiven, Submission, Touch

PARSER = "fields/2"  # the next number whenever the same bytes would be read differently
FORM_BYTES = 32 * 1024
WITH_FILE_BYTES = 128 * 1024  # base64 in a message, it is still well below what a queue takes
PAIRS = "application/x-www-form-urlencoded"
FORM_TYPES = frozenset({PAIRS, "multipart/form-data"})
BEGINNINGS = {b"{": "application/json", b"[": "application/json", b"<": "application/xml"}
MOST_FIELDS, MOST_NAME_TOLD = 200, 40


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


def refuse_beyond(most: int, body: bytes) -> None:
    """Raises `TooLarge`."""
    if len(body) > most:
        raise TooLarge(f"the body has {len(body)} bytes; send at most {most}")


def document_of(content_type: str | None, body: bytes) -> Mapping[str, object]:
    """The body as one flat object of named values; raises `Unreadable`."""
    match media_type(content_type):
        case "application/json" | "text/json":
            return json_object(body)
        case media if media == PAIRS:
            return _pairs(body)
        case "multipart/form-data":
            return parts_of(content_type or "", body)
        case other:
            raise Unreadable(
                f"cannot read “{other}”; send application/json, {PAIRS} or multipart/form-data"
            )


@lru_cache(maxsize=32)  # a request asks three times, and the world knows few
def media_type(content_type: str | None) -> str:
    """`application/json` of "Application/JSON; charset=utf-8"; JSON where nothing is said."""
    message = Message()
    message["Content-Type"] = " ".join((content_type or "application/json").split())
    return message.get_content_type()


def json_object(body: bytes) -> dict[str, object]:
    """Raises as `json_value` does, and `Unreadable` for another value than an object."""
    document = json_value(body)
    if not isinstance(document, dict):
        raise Unreadable("the body must be one JSON object")
    return document


def json_value(body: bytes) -> object:
    """Raises `Unreadable` for all that is no JSON in UTF-8, `FieldsInvalid` for a name."""
    if not body:
        raise Unreadable("the body is empty")
    try:
        text = body.decode("utf-8-sig")
        return json.loads(text, parse_constant=_no_constant, object_pairs_hook=_object)
    except UnicodeDecodeError as error:
        raise Unreadable(f"the body is not UTF-8 (byte {error.start})") from error
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"the body is not JSON: {error.msg}, line {error.lineno} column {error.colno}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise Unreadable("the body is JSON with a number too long or nested too deep") from error


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A value that is no text is refused later, by its name; so a name has to be one."""
    document = dict(pairs)
    for name in document:
        if (told := shown(name)) != name:
            text = f"the name “{told[:MOST_NAME_TOLD]}” holds a NUL or half a character"
            raise FieldsInvalid((Reason(code="name", text=f"{text}; send well-formed Unicode"),))
    return document


def _no_constant(name: str) -> NoReturn:
    raise Unreadable(f"the body is not JSON: {name} is no value")


def refuse_mislabelled(body: bytes, media: str) -> None:
    """Raises `Unreadable` where the body is plainly of another type than `media`, which names it.

    Curl calls all that it posts a form. Read as one, it would only lack its fields.
    """
    kind = BEGINNINGS.get(body.lstrip()[:1])
    if kind is not None:
        raise Unreadable(
            f"the body looks like {kind} and came as {media}; send it with Content-Type: {kind}"
        )


def _pairs(body: bytes) -> dict[str, object]:
    """The last value of a name counts, as for a check box behind its hidden twin."""
    refuse_mislabelled(body, PAIRS)
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
