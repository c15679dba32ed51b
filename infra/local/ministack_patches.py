"""Corrects MiniStack from the inside where its answer would hide a wrong policy of ours.

Found with 1.5.33, each by a failing deploy or a refused call under `AUTH=true`:

* `aws:SecureTransport` is false on loopback, so every bucket and queue that refuses plain text
  refuses everybody.
* `Ref` of a secret gives its name; CloudFormation gives the ARN, and policies are made of that.
* `dynamodb:LeadingKeys` is never filled in, so a `ForAllValues` condition always holds.
* `SendMessageBatch` asks for a right of its own; on AWS it is `sqs:SendMessage`, and so on.
* Sending a mail is asked for on every resource; on AWS it is on the identity it is sent from.
* A function's output, and its traceback when it failed, goes to log streams only; the emulator's
  own log has it for queues' functions alone. Now it has the output of every function.
* For a function that cannot be imported, only the message is logged; now the traceback is.
* A table's stream is not saved with its items, but the readers' positions are. After a restart
  nothing would be read until there are as many records again, and unread records would be lost.
* A proxy answer whose body is null, such as a redirect, breaks the connection; now it has no body.
* An alarm on an expression over metrics is refused; now it gets the first metric. Alarms prove
  nothing here anyway: they are evaluated only when a metric is put.
* A queue's saved address has the port of its run: after a restart on another port no function reads
  the queue. Now the address always has the same port; clients connect to the endpoint anyway.
* An expired token is answered like a missing one; on AWS the message says that it has expired.
"""

import base64
import binascii
import json
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from email.utils import parseaddr
from typing import Any

from ministack import app
from ministack.core import iam_actions, iam_evaluator, lambda_runtime
from ministack.core.responses import AccountRegionScopedDict
from ministack.services import apigateway_v1, dynamodb, lambda_svc, sqs
from ministack.services.cloudformation import provisioners

SECRET_TYPE = "AWS::SecretsManager::Secret"  # noqa: S105  a type, not a secret
STREAMS_KEY = "streams"
UNAUTHORIZED, EXPIRED = "UNAUTHORIZED", "The incoming token has expired"
FAILED_TO_START = 'json.dumps({"status": "error", "error": str(e)})'
TRACED = FAILED_TO_START.replace("str(e)", "traceback.format_exc()")
QUEUE_PORT = "4566"
logger = logging.getLogger("functions")
Resolve = Callable[[str, object], object]
Provision = Callable[..., tuple[str, dict[str, str]] | None]
Context = Callable[[bytes], dict[str, object] | None]


def apply_patches() -> None:
    """Apply all of them, before the server starts."""
    iam_evaluator._resolve_condition_key = _treat_loopback_as_secure(  # noqa: SLF001
        iam_evaluator._resolve_condition_key  # noqa: SLF001
    )
    iam_actions.dynamodb_service_context = _fill_leading_keys(iam_actions.dynamodb_service_context)
    iam_actions.extract_iam_action = _map_batch_actions(iam_actions.extract_iam_action)
    iam_actions.extract_resource_arn = _use_sender_identity(iam_actions.extract_resource_arn)
    apigateway_v1._validate_cognito_authorizer = _name_expiry(  # noqa: SLF001
        apigateway_v1._validate_cognito_authorizer  # noqa: SLF001
    )
    sqs.DEFAULT_PORT = QUEUE_PORT
    sqs._CANONICAL_NETLOC = f"{sqs.DEFAULT_HOST}:{QUEUE_PORT}"  # noqa: SLF001
    app._send_response = _replace_null_bodies(app._send_response)  # noqa: SLF001
    dynamodb.get_state = _save_streams(dynamodb.get_state)
    dynamodb.load_persisted_state = _load_streams(dynamodb.load_persisted_state)
    lambda_svc._emit_lambda_logs = _log_output(lambda_svc._emit_lambda_logs)  # noqa: SLF001
    lambda_svc.logger.addFilter(lambda record: "output:\n" not in str(record.msg))
    lambda_runtime._PYTHON_WORKER_SCRIPT = (  # noqa: SLF001
        lambda_runtime._PYTHON_WORKER_SCRIPT.replace(FAILED_TO_START, TRACED)  # noqa: SLF001
    )
    provisioners._cw_metric_alarm_record = _use_first_metric(  # noqa: SLF001
        provisioners._cw_metric_alarm_record  # noqa: SLF001
    )
    handlers = provisioners._RESOURCE_HANDLERS[SECRET_TYPE]  # noqa: SLF001
    handlers |= {
        verb: _accept_secret_arns(handlers[verb]) for verb in ("create", "update", "delete")
    }


def _name_expiry(validate: Callable[..., Awaitable[tuple[object, Any]]]) -> Callable[..., object]:
    """A refused token whose time is over gets AWS's own message."""

    async def validated(*request: Any) -> tuple[object, object]:  # noqa: ANN401  as MiniStack calls it
        claims, error = await validate(*request)
        authorizer, _, headers, query, stage = request
        token = apigateway_v1._cognito_token_from_request(  # noqa: SLF001
            authorizer, headers, query, stage
        )
        if error is not None and _is_expired(token or ""):
            error = apigateway_v1._gw_error(UNAUTHORIZED, EXPIRED)  # noqa: SLF001
        return claims, error

    return validated


def _is_expired(token: str) -> bool:
    """Is `exp` of a JWT over? The signature is not looked at: the token is refused already."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return bool(claims["exp"] <= time.time())
    except (IndexError, KeyError, TypeError, ValueError, binascii.Error):
        return False


def _treat_loopback_as_secure(resolve: Resolve) -> Resolve:
    def resolved(key: str, context: object) -> object:
        return "true" if key.lower() == "aws:securetransport" else resolve(key, context)

    return resolved


def _accept_secret_arns(provision: Provision) -> Provision:
    """The secret store knows names, CloudFormation ARNs: `…:secret:<name>-<six>`."""

    def provisioned(
        identity: str, *rest: object, **named: object
    ) -> tuple[str, dict[str, str]] | None:
        if identity.startswith("arn:"):
            identity = identity.rpartition(":")[2][:-7]
        result = provision(identity, *rest, **named)
        return result and (result[1]["Arn"], result[1])

    return provisioned


def _use_first_metric(record: Callable[..., object]) -> Callable[..., object]:
    def recorded(name: str, alarm: dict[str, Any]) -> object:
        stats = [part["MetricStat"] for part in alarm.get("Metrics", ()) if "MetricStat" in part]
        if not stats:
            return record(name, alarm)
        first = stats[0]
        plain = {key: value for key, value in alarm.items() if key != "Metrics"}
        parameters = {"Period": first["Period"], "Statistic": first["Stat"]}
        return record(name, plain | first["Metric"] | parameters)

    return recorded


def _save_streams(get_state: Callable[[], dict[str, Any]]) -> Callable[[], dict[str, Any]]:
    """Add to the state the records of each stream that some reader has yet to read."""

    def state() -> dict[str, Any]:
        records, trimmed = AccountRegionScopedDict(), AccountRegionScopedDict()
        for place, stored_records in list(dynamodb._stream_records._data.items()):  # noqa: SLF001
            first_position = dynamodb._stream_trimmed._data.get(place, 0)  # noqa: SLF001
            read_position = max(
                first_position,
                min(_read_positions(place, first_position), default=first_position),
            )
            records._data[place] = stored_records[read_position - first_position :]  # noqa: SLF001
            trimmed._data[place] = read_position  # noqa: SLF001
        return {**get_state(), STREAMS_KEY: {"records": records, "trimmed": trimmed}}

    return state


def _read_positions(place: tuple[str, str, str], first: int) -> Iterator[int]:
    """The position of each function that reads a table's stream."""
    account, region, table = place
    for (*scope, name), esm in list(lambda_svc._esms._data.items()):  # noqa: SLF001
        if scope == [account, region] and f":table/{table}/" in esm["EventSourceArn"]:
            positions = lambda_svc._dynamodb_stream_positions._data  # noqa: SLF001
            yield positions.get((account, region, name), first)


def _load_streams(load: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
    def loaded(state: dict[str, Any]) -> None:
        load(state)
        streams = state.get(STREAMS_KEY, {})
        dynamodb._stream_records.update(streams.get("records", {}))  # noqa: SLF001
        dynamodb._stream_trimmed.update(streams.get("trimmed", {}))  # noqa: SLF001

    return loaded


def _log_output(emit: Callable[..., None]) -> Callable[..., None]:
    def emitted(
        function: dict[str, Any], request_id: str, output: str, *rest: object, **named: object
    ) -> None:
        emit(function, request_id, output, *rest, **named)
        if output:
            config = function.get("config", function)
            logger.info("%s said:\n%s", config.get("FunctionName"), output)

    return emitted


def _fill_leading_keys(context: Context) -> Context:
    def filled(body: bytes) -> dict[str, object]:
        keys = list(_hash_keys(json.loads(body or b"{}")))
        return {**(context(body) or {}), **({"dynamodb:leadingkeys": keys} if keys else {})}

    return filled


def _replace_null_bodies(send: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    async def sent(
        channel: object, status: int, headers: object, body: object, **more: bool
    ) -> None:
        await send(channel, status, headers, b"" if body is None else body, **more)

    return sent


def _map_batch_actions(named: Callable[..., str | None]) -> Callable[..., str | None]:
    def action(service: str, *request: object) -> str | None:
        action_name = named(service, *request)
        if action_name and service == "sqs":
            return action_name.removesuffix("Batch")
        return action_name

    return action


def _use_sender_identity(located: Callable[..., str]) -> Callable[..., str]:
    def resource(service: str, *request: Any) -> str:  # noqa: ANN401  as MiniStack calls it
        *_, parameters, region, account = request
        sender = next(iter(parameters.get("Source", ())), None) if service == "ses" else None
        if sender is None:
            return located(service, *request)
        domain = parseaddr(sender)[1].rpartition("@")[2]
        return f"arn:aws:ses:{region}:{account}:identity/{domain}"

    return resource


def _hash_keys(request: object) -> Iterator[str]:
    """The hash key of every item or key in the request, at any depth: `{"pk": {"S": …}}`."""
    match request:
        case {"pk": {"S": str(key)}}:
            yield key
        case dict():
            for part in request.values():
                yield from _hash_keys(part)
        case list():
            for part in request:
                yield from _hash_keys(part)
