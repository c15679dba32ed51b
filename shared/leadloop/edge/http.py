"""A typed request of an API Gateway proxy event, and the resolver of every HTTP door.

Source: API Gateway developer guide, "Input format of a Lambda function for proxy integration".
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from functools import cached_property
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.api_gateway import Route, Router
from aws_lambda_powertools.event_handler.exceptions import NotFoundError, ServiceError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from botocore.exceptions import BotoCoreError, ClientError

from leadloop.edge import problems, request_names
from leadloop.edge.telemetry import log_fault
from leadloop.model import errors
from leadloop.model.base import Reason
from leadloop.model.errors import Unreadable

CSP_NONE = "'none'"
STYLE_ELEMENT = re.compile(r"<style>([^<]*+)</style>")
LambdaEvent = dict[str, Any]  # the event and the answer of Lambda, as JSON


class Request:
    """One HTTP request: header names in lower case, the body as bytes."""

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
            Unreadable: the gateway says that it is base64, and it is not.

        """
        if not self._base64:
            return self._body.encode("utf-8", "surrogatepass")
        try:
            return base64.b64decode(self._body, validate=True)
        except binascii.Error as error:
            raise Unreadable("The body is not the base64 it is said to be.") from error

    @property
    def content_type(self) -> str | None:
        """The media type as sent, with its parameters."""
        return self.headers.get("content-type")

    @property
    def user_agent(self) -> str | None:
        """The browser or program, as it names itself."""
        return self.headers.get("user-agent")

    @property
    def origin(self) -> str | None:
        """The origin of the page whose script calls; None without a script."""
        return self.headers.get("origin")

    @property
    def host(self) -> str:
        """The host that the caller asked; no other page can make a browser send another."""
        return self.headers.get("host", "")

    @property
    def referer(self) -> str | None:
        """The address of the page that the person came from."""
        return self.headers.get("referer")


class Routes(Router):
    """The routes of one subject of a door; its handler includes them all."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Powertools names no types here

    @property
    def current_request(self) -> Request:
        """The request that is being answered."""
        return Request(self.current_event.raw_event)


class DoorResolver(APIGatewayRestResolver):
    """A resolver that answers HEAD as GET, and 405 to a known path with another method.

    An API of programs refuses query names that its route does not declare, and misspelt headers.

    Source: RFC 9110, 9.3.2 and 15.5.6.
    """

    def __init__(self, *, typed: bool) -> None:
        super().__init__(enable_validation=typed, serializer=_json)
        self._typed = typed
        self._names: dict[Route, request_names.RouteNames] = {}
        self.use([_refuse_unknown_names])

    def resolve(self, event: Mapping[str, Any], context: Any) -> LambdaEvent:  # noqa: ANN401
        """The answer to an event of the gateway; to HEAD that of GET without its body."""
        if event["httpMethod"] != "HEAD":
            return super().resolve(event, context)
        answer = super().resolve({**event, "httpMethod": "GET"}, context)
        return {**answer, "body": "", "isBase64Encoded": False}

    def allowed_methods(self) -> tuple[str, ...]:
        """The methods by which the path of the request is known; empty if it is unknown."""
        return request_names.allowed_methods(self._routes, self.current_event.path)

    def current_names(self) -> request_names.RouteNames | None:
        """The names that the route of the request takes; None: no route, or it takes any name."""
        route = self.context.get("_route")
        if route not in self._routes or not request_names.is_api_path(self.current_event.path):
            return None
        if route not in self._names:
            self._names[route] = request_names.names_of_route(route, typed=self._typed)
        return self._names[route]

    @property
    def _routes(self) -> list[Route]:
        return self._static_routes + self._dynamic_routes


def _refuse_unknown_names(
    app: DoorResolver, next_middleware: Callable[[DoorResolver], Response[Any]]
) -> Response[Any]:
    """Raise FieldsInvalid for a request with names that its route does not take."""
    names = app.current_names()
    if names is not None:
        raw = app.current_event.raw_event
        query, headers = raw.get("queryStringParameters"), raw.get("headers")
        faults = request_names.request_faults(names, query or (), headers or ())
        if faults:
            raise errors.FieldsInvalid(faults)
    return next_middleware(app)


def build_resolver(*, typed: bool = False) -> DoorResolver:
    """A resolver that answers every error with problem details (RFC 9457).

    `typed`: parameters and bodies are read by their annotations. That makes a cold start a third
    slower, so public doors do without.
    """
    app = DoorResolver(typed=typed)
    _install_error_handlers(app)
    return app


def _json(value: object) -> str:
    """JSON without ASCII escapes, so that names stay legible in every script."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def problem_response(problem: problems.Problem) -> Response[str]:
    """The HTTP answer with these problem details."""
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
    """The HTTP answer with one of our pages: no script, no frame, nothing from elsewhere, no cache.

    Its own style sheets are allowed by their SHA-256. Values in `page` must be escaped. `policy`
    adds or replaces directives; `referrer` is the value of Referrer-Policy.

    Source: W3C, "Content Security Policy Level 3".
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


def _install_error_handlers(app: DoorResolver) -> None:
    """Let `app` answer every exception with problem details; routes simply raise."""

    def caller_error(error: errors.LeadloopError) -> Response[str]:
        return problem_response(problems.problem_from_error(error))

    def router_error(error: ServiceError) -> Response[str]:
        methods = app.allowed_methods() if isinstance(error, NotFoundError) else ()
        if methods:
            return problem_response(_wrong_method(methods))
        detail = problems.NO_RESOURCE_DETAIL if isinstance(error, NotFoundError) else error.msg
        return problem_response(problems.build_problem(error.status_code, str(detail)))

    def validation_error(error: RequestValidationError) -> Response[str]:
        return problem_response(problems.problem_from_error(_validation_error(error)))

    def aws_error(error: BotoCoreError | ClientError) -> Response[str]:
        log_fault("AWS did not answer", error)
        detail = "Something we need did not answer; nothing is lost on your side, try again."
        return problem_response(problems.build_problem(503, detail, headers=problems.RETRY_AFTER))

    def internal_error(error: Exception) -> Response[str]:
        log_fault("A request failed", error)
        return problem_response(problems.build_problem(500, "Our fault; it was reported."))

    app.exception_handler(errors.LeadloopError)(caller_error)
    app.exception_handler(ServiceError)(router_error)
    app.exception_handler(RequestValidationError)(validation_error)
    app.exception_handler([BotoCoreError, ClientError])(aws_error)
    app.exception_handler(Exception)(internal_error)
    app.not_found(router_error)


def _wrong_method(allowed: tuple[str, ...]) -> problems.Problem:
    methods = ", ".join(allowed)
    detail = f"This address is not for this method; it takes {methods}."
    return problems.build_problem(HTTPStatus.METHOD_NOT_ALLOWED, detail, headers={"Allow": methods})


def _validation_error(error: RequestValidationError) -> errors.Unreadable:
    """The faults of a typed request, each place as the caller named it, without its value."""
    faults = error.errors()
    if any(fault["type"] == "json_invalid" for fault in faults):
        return errors.Unreadable("The body is no JSON.")
    return errors.FieldsInvalid(
        tuple(
            Reason(
                code=fault["type"],
                text=f"{'.'.join(map(str, fault['loc'][1:])) or fault['loc'][0]}: {fault['msg']}",
            )
            for fault in faults
        )
    )
