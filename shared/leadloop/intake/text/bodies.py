"""The bytes of a post's body become named values: JSON, urlencoded or multipart, read strictly.

A sender who waits for the answer reads in it what is wrong with the body.

Source: RFC 8259 (JSON), RFC 7578 (multipart/form-data), HTML standard (urlencoded forms).
"""

import json
from collections.abc import Mapping
from typing import NoReturn
from urllib.parse import parse_qsl

from leadloop.intake.text.character_references import replace_unstorable
from leadloop.intake.text.form_charset import CHARSET_FIELD, decode_form
from leadloop.intake.text.media_types import (
    FIRST_BYTE_TYPES,
    FORM_URLENCODED,
    declared_label,
    media_type,
)
from leadloop.intake.text.multipart import parse_multipart
from leadloop.intake.text.repeated_names import join_repeated
from leadloop.model.base import Reason
from leadloop.model.errors import FieldsInvalid, TooLarge, Unreadable

BYTE_CHARSET = "latin-1"  # has a letter for each byte
MOST_FIELDS, LONGEST_QUOTED_NAME = 200, 40  # of a form; characters in an error


def check_size(most: int, body: bytes) -> None:
    """Refuse a body of more than `most` bytes.

    Raises:
        TooLarge: it has more.

    """
    if len(body) > most:
        raise TooLarge(f"the body has {len(body)} bytes; send at most {most}")


def parse_body(content_type: str | None, body: bytes) -> Mapping[str, object]:
    """The named values of a body, by the content type of the request; JSON if it has none.

    Raises:
        Unreadable: another content type, or a body that is not what its type says.
        FieldsInvalid: a name in JSON that cannot be stored.

    """
    match media_type(content_type):
        case "application/json" | "text/json":
            return json_object(body)
        case media if media == FORM_URLENCODED:
            return _parse_urlencoded(body, declared_label(content_type))
        case "multipart/form-data":
            return parse_multipart(content_type or "", body)
        case media:
            raise Unreadable(
                f"cannot read “{media}”; "
                f"send application/json, {FORM_URLENCODED} or multipart/form-data"
            )


def json_object(body: bytes) -> dict[str, object]:
    """The JSON object of a body.

    Raises:
        Unreadable: no JSON in UTF-8, or another value than an object.
        FieldsInvalid: a name that cannot be stored.

    """
    document = json_value(body)
    if not isinstance(document, dict):
        raise Unreadable("the body must be one JSON object")
    return document


def json_value(body: bytes) -> object:
    """The JSON value of a body; the last value of a name counts.

    A byte order mark is skipped, as RFC 8259 (section 8.1) allows; NaN and Infinity are no JSON.

    Raises:
        Unreadable: no JSON in UTF-8.
        FieldsInvalid: a name that cannot be stored.

    """
    if not body:
        raise Unreadable("the body is empty")
    try:
        text = body.decode("utf-8-sig")
        return json.loads(
            text, parse_constant=_refuse_constant, object_pairs_hook=_build_json_object
        )
    except UnicodeDecodeError as error:
        raise Unreadable(f"the body is not UTF-8 (byte {error.start})") from error
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"the body is not JSON: {error.msg}, line {error.lineno} column {error.colno}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise Unreadable("the body is JSON with a number too long or nested too deep") from error


def _build_json_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object whose names can be stored: a wrong value is refused later, by its name."""
    document = dict(pairs)
    for name in document:
        if (storable := replace_unstorable(name)) != name:
            text = f"the name “{storable[:LONGEST_QUOTED_NAME]}” holds a NUL or half a character"
            raise FieldsInvalid((Reason(code="name", text=f"{text}; send well-formed Unicode"),))
    return document


def _refuse_constant(name: str) -> NoReturn:
    raise Unreadable(f"the body is not JSON: {name} is no value")


def check_content_type(body: bytes, media: str) -> None:
    """Refuse a body whose first byte shows another type than `media`.

    curl calls everything that it posts a form. Read as a form, JSON would only lack its fields.

    Raises:
        Unreadable: the body is JSON or XML by its first byte.

    """
    kind = FIRST_BYTE_TYPES.get(body.lstrip()[:1])
    if kind is not None:
        raise Unreadable(
            f"the body looks like {kind} and came as {media}; send it with Content-Type: {kind}"
        )


def _parse_urlencoded(body: bytes, label: str | None) -> dict[str, object]:
    """The named values; each byte is kept until it is clear which charset they are in."""
    check_content_type(body, FORM_URLENCODED)
    try:
        pairs = parse_qsl(
            body.decode(BYTE_CHARSET),
            keep_blank_values=True,
            encoding=BYTE_CHARSET,
            max_num_fields=MOST_FIELDS,
        )
    except ValueError as error:
        raise Unreadable(f"the form has more than {MOST_FIELDS} fields") from error
    declared = next((value for name, value in pairs if name == CHARSET_FIELD and value), label)
    texts = [text.encode(BYTE_CHARSET) for pair in pairs for text in pair]
    decoded = decode_form(texts, declared)
    named = zip(decoded[::2], decoded[1::2], strict=True)
    return join_repeated((name, value) for name, value in named if name != CHARSET_FIELD)
