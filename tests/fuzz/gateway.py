"""A handler behind plain WSGI, as API Gateway would call it, so that a fuzzer can speak HTTP."""

import base64
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.wrappers import Request, Response

from tests.lambda_context import FakeLambdaContext

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]
CONTEXT = FakeLambdaContext()


class Gateway:
    """`claims` are the caller's, as the authorizer of the admin API tells them."""

    def __init__(self, handler: Handler, claims: Mapping[str, str] | None = None) -> None:
        self._handler, self._claims = handler, claims or {}

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        answer = self._handler(self._event(request), CONTEXT)
        body = answer.get("body") or ""
        response = Response(
            base64.b64decode(body) if answer.get("isBase64Encoded") else body,
            status=answer["statusCode"],
        )
        for name, values in answer["multiValueHeaders"].items():
            response.headers.setlist(name, values)
        return response(environ, start)

    def _event(self, request: Request) -> dict[str, Any]:
        headers = {name.lower(): value for name, value in request.headers.items()}
        query = {name: request.args.getlist(name) for name in request.args}
        return {
            "resource": "/{proxy+}",
            "path": request.path,
            "httpMethod": request.method,
            "headers": headers,
            "multiValueHeaders": {name: [value] for name, value in headers.items()},
            "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
            "multiValueQueryStringParameters": query or None,
            "pathParameters": {"proxy": request.path.strip("/").partition("/")[2]},
            "stageVariables": None,
            "requestContext": {
                "resourcePath": "/{proxy+}",
                "httpMethod": request.method,
                "path": request.path,
                "stage": "prod",
                "requestId": "r-1",
                "identity": {"sourceIp": "203.0.113.7", "userAgent": "fuzz"},
                "authorizer": {"claims": self._claims},
            },
            "body": base64.b64encode(request.get_data()).decode(),
            "isBase64Encoded": True,
        }
