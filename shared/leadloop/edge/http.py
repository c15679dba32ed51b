"""An API Gateway proxy event as a typed request, and the resolver every HTTP door begins with."""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent

from leadloop.edge import problems
from leadloop.model.errors import Unreadable

NOTHING = "'none'"
STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
Event = dict[str, Any]  # what Lambda gives and takes, before it is typed and after


class Request:
    """What a door reads of a request; header names in lower case, the body as its own bytes."""

    def __init__(self, event: APIGatewayProxyEvent) -> None:
        raw = event.raw_event
        context = raw.get("requestContext") or {}
        identity = context.get("identity") or {}
        self.method: str = raw["httpMethod"]
        self.path: str = raw["path"]
        self.headers: Mapping[str, str] = {
            name.lower(): value for name, value in (raw.get("headers") or {}).items()
        }
        self.query: Mapping[str, str] = raw.get("queryStringParameters") or {}
        self.ip: str | None = identity.get("sourceIp")
        self.claims: Mapping[str, str] = (context.get("authorizer") or {}).get("claims") or {}
        self._body: str = raw.get("body") or ""
        self._base64: bool = bool(raw.get("isBase64Encoded"))

    @cached_property
    def body(self) -> bytes:
        """The bytes as sent. A lone surrogate passes, so that the reader can name and refuse it.

        Raises:
            Unreadable: the gateway says base64 and it is not.

        """
        if not self._base64:
            return self._body.encode("utf-8", "surrogatepass")
        try:
            return base64.b64decode(self._body, validate=True)
        except binascii.Error as error:
            raise Unreadable("The body is not the base64 it is said to be.") from error

    @property
    def content_type(self) -> str | None:
        """As sent, with its parameters."""
        return self.headers.get("content-type")

    @property
    def user_agent(self) -> str | None:
        """As sent."""
        return self.headers.get("user-agent")

    @property
    def origin(self) -> str | None:
        """The page's origin, when a browser's script calls."""
        return self.headers.get("origin")

    @property
    def referer(self) -> str | None:
        """The page a person came from."""
        return self.headers.get("referer")


def door(*, typed: bool = False) -> APIGatewayRestResolver:
    """A resolver whose every error is a problem (RFC 9457).

    `typed`: parameters and bodies are read by their annotations. It costs a cold start a third
    more, so not where the world waits.
    """
    app = APIGatewayRestResolver(enable_validation=typed, serializer=_json)
    problems.install(app)
    return app


def _json(said: object) -> str:
    """As UTF-8: names stay legible in every script."""
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def request(app: APIGatewayRestResolver) -> Request:
    """The request `app` is answering."""
    return Request(app.current_event)


def html(status: int, page: str) -> Response[str]:
    """A page of ours: no script, no frame, nothing from elsewhere, kept by nobody.

    Its own style sheets are allowed by their hashes; values in it are escaped by its room.
    """
    sheets = (hashlib.sha256(text.encode()).digest() for text in STYLE.findall(page))
    styles = " ".join(f"'sha256-{base64.b64encode(sheet).decode()}'" for sheet in sheets)
    return Response(
        status_code=status,
        content_type="text/html; charset=utf-8",
        body=page,
        headers={
            "Cache-Control": "no-store",
            "Content-Security-Policy": f"default-src {NOTHING}; style-src {styles or NOTHING}; "
            "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        },
    )
