"""What the embedded AWS could do at most: a function's own calls, asked again by one bare loop.

The function works once in this process, as it is deployed but on a table and buckets beside the
real ones, and what it asks for is written down. Then they are emptied, and the same is asked again
with nothing of ours between: no decision, no function to start, no stream that tells of it.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from botocore.exceptions import ClientError

from infra.local.aws import KEY, REGION, Aws
from leadloop.edge.wiring import get_wiring
from leadloop.store.keys import Index
from leadloop.store.table import key_attributes
from tests.bench.units import capture_logs

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

MOST_REFUSED = 2
TOKEN = "ClientRequestToken"  # botocore draws it: by the same one nothing is written again
TABLE, RAW, PAGES = "bare", "bare-raw", "bare-pages"


class Call(NamedTuple):
    """One call, as botocore was asked for it; the operation by AWS's name."""

    service: str
    operation: str
    asked: Mapping[str, Any]


@contextmanager
def record_calls(aws: Aws, function: str) -> Iterator[list[Call]]:
    """This process is `function`, beside the real one; what it asks of DynamoDB and S3."""
    for bucket in (RAW, PAGES):
        aws.s3.create_bucket(Bucket=bucket)
    _make_table(aws.dynamodb)
    told = aws.functions.get_function_configuration(FunctionName=function)["Environment"]
    here = {
        "LEAD_TABLE": TABLE,
        "RAW_BUCKET": RAW,
        "PAGES_BUCKET": PAGES,
        "AWS_ENDPOINT_URL": aws.endpoint,
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": KEY,
        "AWS_DEFAULT_REGION": REGION,
    }
    calls: list[Call] = []

    def note(params: Mapping[str, Any], model: Any, **_: object) -> None:
        if params.get("Bucket") in (None, RAW, PAGES):
            asked = {name: _copy_value(value) for name, value in params.items() if name != TOKEN}
            calls.append(Call(model.service_model.service_name, model.name, asked))

    with pytest.MonkeyPatch.context() as changed, capture_logs():
        for name, value in {**told["Variables"], **here}.items():
            changed.setenv(name, value)
        get_wiring.cache_clear()
        for client in (get_wiring().dynamodb, get_wiring().s3):
            client.meta.events.register("before-parameter-build", note)
        yield calls
    get_wiring.cache_clear()


def replay_calls(calls: Sequence[Call], aws: Aws) -> float:
    """The seconds it took, of a table that is empty once more.

    A write whose answer was lost is tried again by the client, and then refused; more than a few
    of those would be another load, and are an error.
    """
    aws.dynamodb.delete_table(TableName=TABLE)
    _make_table(aws.dynamodb)
    doing: dict[tuple[str, str], Callable[..., object]] = {
        ("dynamodb", "BatchGetItem"): aws.dynamodb.batch_get_item,
        ("dynamodb", "PutItem"): aws.dynamodb.put_item,
        ("dynamodb", "Query"): aws.dynamodb.query,
        ("dynamodb", "TransactWriteItems"): aws.dynamodb.transact_write_items,
        ("s3", "GetObject"): lambda **asked: aws.s3.get_object(**asked)["Body"].read(),
        ("s3", "PutObject"): aws.s3.put_object,
    }
    ready = [(doing[call.service, call.operation], call.asked) for call in calls]
    began = time.monotonic()
    refused = 0
    for do, asked in ready:
        try:
            do(**asked)
        except ClientError:
            refused += 1
            if refused > MOST_REFUSED:
                raise
    return time.monotonic() - began


def _copy_value(value: object) -> object:
    """A stream is empty once it is sent."""
    if not hasattr(value, "read"):
        return value
    body: object = value.read()
    value.seek(0)  # type: ignore[attr-defined]
    return body


def _make_table(dynamodb: "DynamoDBClient") -> None:
    """With our indexes and without a stream."""
    places = {of: key_attributes(of) for of in (None, *Index)}
    attributes = dict.fromkeys(name for place in places.values() for name in place)
    dynamodb.create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in attributes],
        KeySchema=_key(*places.pop(None)),
        GlobalSecondaryIndexes=[
            {
                "IndexName": of.value,
                "KeySchema": _key(*place),
                "Projection": {"ProjectionType": "ALL"},
            }
            for of, place in places.items()
            if of is not None
        ],
    )


def _key(hash_key: str, sort_key: str) -> Any:
    return [
        {"AttributeName": hash_key, "KeyType": "HASH"},
        {"AttributeName": sort_key, "KeyType": "RANGE"},
    ]
