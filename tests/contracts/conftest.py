"""The three tables that must keep the same promises: the twin, moto's, the embedded AWS's."""

import importlib.util
from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING

import boto3
import pytest
import trustme
from moto import mock_aws

from infra.local.ministack import MiniStack
from infra.local.ports import Ports
from leadloop.store.dynamodb import DynamoTable
from leadloop.store.keys import Index, Keys
from leadloop.store.memory_table import MemoryTable
from leadloop.store.table import Table

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

KEYS = Keys(b"pepper of the contract tests")
PROJECTIONS = {Index.DUE: ["due_kind"], Index.WORKLIST: ["card"]}
_numbers = count()


def make_client(endpoint: str | None = None) -> "DynamoDBClient":
    return boto3.client(
        "dynamodb",
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        endpoint_url=endpoint,
    )


def create_table(client: "DynamoDBClient") -> str:
    """A table of the shape that infra's data stack deploys; its name."""
    name = f"leads-{next(_numbers)}"
    attributes = ("pk", "sk", *(k for i in Index for k in (i.hash_key, i.sort_key)))
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[{"AttributeName": a, "AttributeType": "S"} for a in attributes],
        GlobalSecondaryIndexes=[
            {
                "IndexName": index.value,
                "KeySchema": [
                    {"AttributeName": index.hash_key, "KeyType": "HASH"},
                    {"AttributeName": index.sort_key, "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": PROJECTIONS[index]},
            }
            for index in Index
        ],
    )
    return name


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch) -> Iterator[trustme.CA]:
    """The only one that is trusted here."""
    made = trustme.CA()
    with made.cert_pem.tempfile() as held:
        monkeypatch.setenv("SSL_CERT_FILE", held)
        yield made


@pytest.fixture(scope="session")
def ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator["DynamoDBClient"]:
    if importlib.util.find_spec("ministack") is None:
        pytest.skip("the package ministack is not installed here")
    with MiniStack(tmp_path_factory.mktemp("ministack"), ports=Ports.pick_free()) as running:
        client = make_client(running.endpoint)
        yield client
        client.close()


@pytest.fixture(scope="module")
def moto() -> Iterator["DynamoDBClient"]:
    with mock_aws():
        client = make_client()
        yield client
        client.close()


def no_pause(_: int) -> None:
    """Nothing to wait for: these tables answer everything at once."""


@pytest.fixture(params=["memory", "moto", "ministack"])
def table(request: pytest.FixtureRequest) -> Table:
    if request.param == "memory":
        return MemoryTable(KEYS)
    client: DynamoDBClient = request.getfixturevalue(request.param)
    return DynamoTable(client, create_table(client), KEYS, no_pause)
