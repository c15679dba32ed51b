"""Bytes of a body → named values, read strictly: JSON, urlencoded, multipart."""

import json
from collections.abc import Mapping
from typing import NoReturn
from urllib.parse import parse_qsl

from leadloop.intake.text.character_references import replace_unstorable
from leadloop.intake.text.media_types import FIRST_BYTE_TYPES, FORM_URLENCODED, media_type
from leadloop.intake.text.multipart import parse_multipart
from leadloop.model.base import Reason
from leadloop.model.errors import FieldsInvalid, TooLarge, Unreadable

MOST_FIELDS, LONGEST_QUOTED_NAME = 200, 40


def check_size(most: int, body: bytes) -> None:
    """Raises `TooLarge`."""
    if len(body) > most:
        raise TooLarge(f"the body has {len(body)} bytes; send at most {most}")


def parse_body(content_type: str | None, body: bytes) -> Mapping[str, object]:
    """The body as one flat object of named values; raises `Unreadable`."""
    match media_type(content_type):
        case "application/json" | "text/json":
            return json_object(body)
        case media if media == FORM_URLENCODED:
            return _parse_urlencoded(body)
        case "multipart/form-data":
            return parse_multipart(content_type or "", body)
        case other:
            raise Unreadable(
                f"cannot read “{other}”; "
                f"send application/json, {FORM_URLENCODED} or multipart/form-data"
            )


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
    """A value that is no text is refused later, by its name; so a name has to be one."""
    document = dict(pairs)
    for name in document:
        if (told := replace_unstorable(name)) != name:
            text = f"the name “{told[:LONGEST_QUOTED_NAME]}” holds a NUL or half a character"
            raise FieldsInvalid((Reason(code="name", text=f"{text}; send well-formed Unicode"),))
    return document


def _refuse_constant(name: str) -> NoReturn:
    raise Unreadable(f"the body is not JSON: {name} is no value")


def check_content_type(body: bytes, media: str) -> None:
    """Raises `Unreadable` where the body is plainly of another type than `media`, which names it.

    Curl calls all that it posts a form. Read as one, it would only lack its fields.
    """
    kind = FIRST_BYTE_TYPES.get(body.lstrip()[:1])
    if kind is not None:
        raise Unreadable(
            f"the body looks like {kind} and came as {media}; send it with Content-Type: {kind}"
        )


def _parse_urlencoded(body: bytes) -> dict[str, object]:
    """The last value of a name counts, as for a check box behind its hidden twin."""
    check_content_type(body, FORM_URLENCODED)
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
