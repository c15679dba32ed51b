"""An API Gateway proxy event as a typed request, and the resolver every HTTP door begins with."""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.exceptions import NotFoundError, ServiceError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from botocore.exceptions import BotoCoreError, ClientError

from leadloop.edge import problems
from leadloop.edge.telemetry import log_fault
from leadloop.model import errors
from leadloop.model.base import Reason
from leadloop.model.errors import Unreadable

CSP_NONE = "'none'"
STYLE_ELEMENT = re.compile(r"<style>([^<]*+)</style>")
LambdaEvent = dict[str, Any]  # what Lambda gives and takes, before it is typed and after


class Request:
    """What a door reads of a request; header names in lower case, the body as its own bytes."""

    def __init__(self, raw: LambdaEvent) -> None:
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
    def host(self) -> str:
        """Whom the caller asked: no page elsewhere can let a browser name another."""
        return self.headers.get("host", "")

    @property
    def referer(self) -> str | None:
        """The page a person came from."""
        return self.headers.get("referer")


class Routes(Router):
    """One subject of a door, whose handler puts them together."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Powertools names no types here

    @property
    def current_request(self) -> Request:
        """The request that is being answered."""
        return Request(self.current_event.raw_event)


def build_resolver(*, typed: bool = False) -> APIGatewayRestResolver:
    """A resolver whose every error is a problem (RFC 9457).

    `typed`: parameters and bodies are read by their annotations. It costs a cold start a third
    more, so not where the world waits.
    """
    app = APIGatewayRestResolver(enable_validation=typed, serializer=_json)
    _install_error_handlers(app)
    return app


def _json(said: object) -> str:
    """As UTF-8: names stay legible in every script."""
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def problem_response(problem: problems.Problem) -> Response[str]:
    """The answer that tells of a problem."""
    return Response(
        status_code=problem.status,
        content_type=problems.MEDIA_TYPE,
        body=problem.body,
        headers=dict(problem.headers),
    )


def html_response(
    status: int,
    page: str,
    *,
    policy: Mapping[str, str] = MappingProxyType({}),
    referrer: str = "no-referrer",
) -> Response[str]:
    """A page of ours: no script, no frame, nothing from elsewhere, kept by nobody.

    Its own style sheets are allowed by their hashes; values in it are escaped by its room. What
    more it may do, `policy` says per directive; `referrer` is what it tells where it leads.
    """
    sheets = (hashlib.sha256(text.encode()).digest() for text in STYLE_ELEMENT.findall(page))
    styles = " ".join(f"'sha256-{base64.b64encode(sheet).decode()}'" for sheet in sheets)
    directives = {
        "default-src": CSP_NONE,
        "style-src": styles or CSP_NONE,
        "form-action": "'self'",
        "frame-ancestors": CSP_NONE,
        "base-uri": CSP_NONE,
        **policy,
    }
    return Response(
        status_code=status,
        content_type="text/html; charset=utf-8",
        body=page,
        headers={
            "Cache-Control": "no-store",
            "Content-Security-Policy": "; ".join(map(" ".join, directives.items())),
            "Referrer-Policy": referrer,
            "X-Content-Type-Options": "nosniff",
        },
    )


def _install_error_handlers(app: APIGatewayRestResolver) -> None:
    """Let `app` answer every exception with a problem; routes simply raise."""

    def callers(error: errors.LeadloopError) -> Response[str]:
        return problem_response(problems.problem_from_error(error))

    def routers(error: ServiceError) -> Response[str]:
        detail = problems.NO_RESOURCE_DETAIL if isinstance(error, NotFoundError) else error.msg
        return problem_response(problems.build_problem(error.status_code, str(detail)))

    def typed(error: RequestValidationError) -> Response[str]:
        return problem_response(problems.problem_from_error(_validation_error(error)))

    def aws(error: BotoCoreError | ClientError) -> Response[str]:
        log_fault("AWS did not answer", error)
        detail = "Something we need did not answer; nothing is lost on your side, try again."
        return problem_response(problems.build_problem(503, detail, headers=problems.RETRY_AFTER))

    def ours(error: Exception) -> Response[str]:
        log_fault("A request failed", error)
        return problem_response(problems.build_problem(500, "Our fault; it was reported."))

    app.exception_handler(errors.LeadloopError)(callers)
    app.exception_handler(ServiceError)(routers)
    app.exception_handler(RequestValidationError)(typed)
    app.exception_handler([BotoCoreError, ClientError])(aws)
    app.exception_handler(Exception)(ours)
    app.not_found(routers)


def _validation_error(error: RequestValidationError) -> errors.Unreadable:
    """Each place named as the caller wrote it; the values found there are not repeated."""
    faults = error.errors()
    if any(each["type"] == "json_invalid" for each in faults):
        return errors.Unreadable("The body is no JSON.")
    return errors.FieldsInvalid(
        tuple(
            Reason(
                code=each["type"],
                text=f"{'.'.join(map(str, each['loc'][1:])) or each['loc'][0]}: {each['msg']}",
            )
            for each in faults
        )
    )
