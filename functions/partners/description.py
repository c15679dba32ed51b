"""The parts of the OpenAPI document that types cannot express: parameters, an example, answers."""

from typing import Any

from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse

from leadloop.edge import problems
from partners.answer import PartnerAnswer

EXAMPLE = {
    "email": "rosa.marin@example.com",
    "phone": "+49 30 5550123",
    "first_name": "Rosa",
    "last_name": "Marín",
    "company": "Marín Pumpen GmbH",
    "country": "DE",
    "message": "Two pumps by May, please call in the morning.",
}
POST_EXTENSIONS: dict[str, Any] = {
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": "Your own id of this lead. The same key with the same body is one lead "
            "and one answer, however often it is sent; with another body it is refused (409). "
            "Without it the key field agreed with you serves, if there is one.",
            "schema": {"type": "string", "maxLength": 200},
        },
        {
            "name": "test",
            "in": "query",
            "required": False,
            "description": "1: decided and answered like any other, and nothing is kept.",
            "schema": {"type": "string", "enum": ["0", "1"]},
        },
    ],
    "requestBody": {
        "required": True,
        "description": "The fields agreed with you, at most 192 KB.",
        "content": {"application/json": {"schema": {"type": "object"}, "example": EXAMPLE}},
    },
}


def _answer(text: str) -> OpenAPIResponse:
    return {"description": text, "content": {"application/json": {"model": PartnerAnswer}}}


def _object(text: str) -> OpenAPIResponse:
    return {"description": text, "content": {"application/json": {"schema": {"type": "object"}}}}


def _problem(text: str, **more: dict[str, Any]) -> OpenAPIResponse:
    """A problem's response. `more` are members beside those that every problem has."""
    schema = {"type": "object", "properties": {"title": {"type": "string"}, **more}}
    return {"description": text, "content": {problems.MEDIA_TYPE: {"schema": schema}}}


COMMON_RESPONSES: dict[int, OpenAPIResponse] = {
    403: _problem("No such key"),
    405: _problem("The path has other methods; Allow names them"),
    429: _problem("More requests than agreed; try again after Retry-After seconds"),
}
OUTCOME_RESPONSES: dict[int, OpenAPIResponse] = {
    201: _answer("lead: taken; lead_id names it"),
    200: _answer("merged: you sent this person before; lead_id is that submission"),
    202: _answer("quarantined: a person looks at it first; ask again by its id"),
    422: _problem(
        "rejected, for reasons; or fields to mend, and then nothing was kept",
        submission_id={"type": "string"},
        outcome={"type": "string"},
        reasons={"type": "array", "items": {"type": "object"}},
    ),
}
POST_RESPONSES: dict[int, OpenAPIResponse] = {
    **OUTCOME_RESPONSES,
    400: _problem("The body cannot be read"),
    **COMMON_RESPONSES,
    409: _problem("This key was used before, with another body"),
    413: _problem("The body is too large"),
    503: _problem("Busy: nothing was written, try again after Retry-After seconds"),
}
LOOKUP_RESPONSES: dict[int, OpenAPIResponse] = {
    200: _answer("What became of it"),
    **COMMON_RESPONSES,
    404: _problem("No submission of yours has this id"),
}
UPLOAD_EXTENSIONS: dict[str, Any] = {
    "requestBody": {
        "required": False,
        "description": "What you call the file; for people.",
        "content": {
            "application/json": {
                "schema": {"type": "object", "properties": {"name": {"type": "string"}}},
                "example": {"name": "march.csv"},
            }
        },
    },
}
PROGRESS_EXTENSIONS: dict[str, Any] = {
    "parameters": [
        {
            "name": "page",
            "in": "query",
            "required": False,
            "description": "Also tell what became of the rows of this page, from 0.",
            "schema": {"type": "integer", "minimum": 0},
        }
    ]
}
UPLOAD_RESPONSES: dict[int, OpenAPIResponse] = {
    201: _object("Post the file to upload.address as a form: upload.fields, then file"),
    400: _problem("The body cannot be read"),
    **COMMON_RESPONSES,
    413: _problem("The body is too large"),
    422: _problem("The name cannot be kept"),
}
PROGRESS_RESPONSES: dict[int, OpenAPIResponse] = {
    200: _object(
        "state: awaited, proposed (a person looks at it), running, done, refused, failed (by our "
        "fault; we go on with it)"
    ),
    **COMMON_RESPONSES,
    404: _problem("No import of yours has this id"),
    422: _problem("The page is no number"),
}
INSTRUCTIONS_RESPONSES: dict[int, OpenAPIResponse] = {
    200: {
        "description": "A page, or Markdown for who accepts text/markdown",
        "content": {
            media: {"schema": {"type": "string"}} for media in ("text/html", "text/markdown")
        },
    },
    **COMMON_RESPONSES,
}
