"""The one REST API: a tree of `{proxy+}` per function, and one permission per function."""

import json

from aws_cdk import Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.deployments import Deployment
from infra.kit.function import Door
from infra.kit.rights import Grantee
from leadloop.settings import PublicSettings

# What the gateway answers by itself: our shape (RFC 9457), and 404 for an unknown address,
# which AWS calls a missing token.
REFUSALS = {
    "ACCESS_DENIED": (403, "This token does not allow that"),
    "BAD_REQUEST_BODY": (400, "The body cannot be read"),
    "BAD_REQUEST_PARAMETERS": (400, "A parameter cannot be read"),
    "EXPIRED_TOKEN": (401, "The token has expired"),
    "INTEGRATION_FAILURE": (502, "The system did not answer; try again"),
    "INTEGRATION_TIMEOUT": (504, "The system took too long; try again"),
    "INVALID_API_KEY": (403, "The header x-api-key is missing or not known"),
    "MISSING_AUTHENTICATION_TOKEN": (404, "There is nothing at this address"),
    "QUOTA_EXCEEDED": (429, "The agreed number of calls is used up"),
    "REQUEST_TOO_LARGE": (413, "The body is too large"),
    "THROTTLED": (429, "Too many calls at once; try again"),
    "UNAUTHORIZED": (401, "A bearer token is needed"),
    "UNSUPPORTED_MEDIA_TYPE": (415, "This content type is not taken"),
    "WAF_FILTERED": (429, "Too many posts at once; try again"),
    "DEFAULT_4XX": (None, "The call was refused"),
    "DEFAULT_5XX": (None, "The system failed; try again"),
}

STAGE = "live"
RETRY_AFTER = {"WAF_FILTERED": 60}  # seconds; the firewall counts over minutes


class LeadApi(apigateway.RestApi):
    """Stage `live`; every refusal of the gateway is problem+json."""

    def __init__(self, scope: Construct, construct_id: str, *, deployment: Deployment) -> None:
        access_log = logs.LogGroup(scope, f"{construct_id}Log", retention=deployment.log_retention)
        super().__init__(
            scope,
            construct_id,
            # Every body reaches us byte for byte (base64): text would be re-encoded on the way,
            # and we keep what a form or a partner sends unchanged.
            binary_media_types=["*/*"],
            cloud_watch_role=True,
            deploy_options=apigateway.StageOptions(
                stage_name=STAGE,
                tracing_enabled=deployment.tracing,
                logging_level=apigateway.MethodLoggingLevel.ERROR,
                access_log_destination=apigateway.LogGroupLogDestination(access_log),
                access_log_format=apigateway.AccessLogFormat.custom(_ACCESS_LINE),
            ),
        )
        for kind, (status, _) in REFUSALS.items():
            self.add_gateway_response(
                kind.title().replace("_", ""),
                type=apigateway.ResponseType.of(kind),
                status_code=str(status) if status else None,
                response_headers=_headers(kind, status),
                templates={"application/json": refusal_template(kind)},
            )

    def route(
        self,
        path: str,
        door: Door,
        *,
        api_key: bool = False,
        authorizer: apigateway.IAuthorizer | None = None,
    ) -> None:
        """Send every method of `path` (such as `/v1/{proxy+}`) to a door, and let it be called."""
        uri = f"2015-03-31/functions/{door.invoke_target.function_arn}/invocations"
        self.root.resource_for_path(path).add_method(
            "ANY",
            apigateway.AwsIntegration(service="lambda", proxy=True, path=uri),
            api_key_required=api_key,
            authorizer=authorizer,
        )
        self._allow_calls(door)

    def _allow_calls(self, door: Door) -> None:
        """One permission a door, however many routes: a function's policy holds 20 KB."""
        permission_id = f"MayCall{door.node.id}"
        if self.node.try_find_child(permission_id) is None:
            lambda_.CfnPermission(
                self,
                permission_id,
                action="lambda:InvokeFunction",
                function_name=door.invoke_target.function_arn,
                principal="apigateway.amazonaws.com",
                source_arn=self.arn_for_execute_api(),
            )

    def use_address_in(self, function: Grantee) -> None:
        """Give `function` the address that links begin with. It needs no right."""
        function.add_settings(PublicSettings(PUBLIC_URL=self.address))

    @property
    def address(self) -> str:
        """The URL without a trailing slash.

        The stage is its plain name: a reference to it would make door and API wait for each other.
        """
        region = Stack.of(self).region
        return f"https://{self.rest_api_id}.execute-api.{region}.amazonaws.com/{STAGE}"


def refusal_template(kind: str) -> str:
    """The body of one of REFUSALS; a refused token has the gateway's own message, as `expired`."""
    detail = {"detail": "$context.error.message"} if kind == "UNAUTHORIZED" else {}
    return json.dumps(_problem(*REFUSALS[kind]) | detail)


# No IP address, no caller, no query: only the route, its status, and how fast it answered.
_ACCESS_LINE = json.dumps(
    {
        "request": "$context.requestId",
        "at": "$context.requestTimeEpoch",
        "route": "$context.httpMethod $context.resourcePath",
        "status": "$context.status",
        "ms": "$context.responseLatency",
        "refused": "$context.error.responseType",
    }
)


def _headers(kind: str, status: int | None) -> dict[str, str]:
    # A form's script on another page must be able to tell "later" from "never".
    headers = {
        "Content-Type": "'application/problem+json'",
        "Access-Control-Allow-Origin": "'*'",
    }
    seconds = RETRY_AFTER.get(kind, 1)
    return headers | ({"Retry-After": f"'{seconds}'"} if status == 429 else {})


def _problem(status: int | None, title: str) -> dict[str, str | int]:
    return {"type": "about:blank", "title": title} | ({"status": status} if status else {})
