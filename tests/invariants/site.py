"""The table, queues and buckets of one run, in the shape that infra gives them."""

import base64
import contextlib
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from infra.local.aws import KEY, REGION
from leadloop.edge.live_playbook import PlaybookStore
from leadloop.store import partners
from leadloop.store.dynamodb import DynamoTable
from leadloop.store.items import Item
from leadloop.store.keys import Keys
from leadloop.store.partners import Partner
from tests.functions.aws_fixture import LINKS_SECRET, PEPPER, PUBLIC_ADDRESS
from tests.invariants.company import LIMIT, build_playbook
from tests.invariants.wire import ENDPOINT, Wire

QUEUES = ("submissions", "signals", "mails", "deliveries")
TRIES = 5  # as infra/kit/queue.py
DYNAMODB, STREAMS = "DynamoDB_20120810", "DynamoDBStreams_20120810"
SQS = "AmazonSQS"
VISIBILITY_TIMEOUT = 60  # seconds; of a process that died we let them pass at once
PARTNER_KEY = "key-of-haus"
VALUE_READERS: Mapping[str, Callable[[str], str | int | bytes]] = {
    "S": str,
    "N": int,
    "B": base64.b64decode,
}
INDEXES = {"due": ("due_shard", "due_at"), "worklist": ("worklist", "priority")}


@dataclass(frozen=True)
class Site:
    """`name` keeps the runs apart that share one emulator. Its clients know no faults."""

    wire: Wire
    name: str

    @cached_property
    def dynamodb(self) -> Any:
        return self._client("dynamodb")

    @cached_property
    def sqs(self) -> Any:
        return self._client("sqs")

    @cached_property
    def s3(self) -> Any:
        return self._client("s3")

    @cached_property
    def streams(self) -> Any:
        return self._client("dynamodbstreams")

    @cached_property
    def table(self) -> DynamoTable:
        return DynamoTable(self.dynamodb, self._named("leads"), Keys(PEPPER.encode()), _no_pause)

    def queue(self, name: str) -> str:
        return f"{ENDPOINT}/000000000000/{self._named(name)}"

    @property
    def environment(self) -> dict[str, str]:
        """What the functions are told."""
        return {
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": KEY,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL": ENDPOINT,
            "AWS_EC2_METADATA_DISABLED": "true",
            "LEAD_TABLE": self._named("leads"),
            "CLAIMS_SECRET": self._named("claims"),
            "LINKS_SECRET": self._named("links"),
            "PLAYBOOK_BUCKET": self._named("playbooks"),
            "RAW_BUCKET": self._named("raw"),
            "PAGES_BUCKET": self._named("pages"),
            "LAKE_STREAM": self._named("lake"),
            "PUBLIC_URL": PUBLIC_ADDRESS,
            **{f"{name.upper()}_QUEUE": self.queue(name) for name in QUEUES},
        }

    def build(self, limit: int = LIMIT, *, most_open: int | None = LIMIT) -> None:
        self._make_table()
        for name in QUEUES:
            dead = self.sqs.create_queue(QueueName=self._named(f"{name}-dead"))["QueueUrl"]
            arn = self.sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])
            policy = {
                "deadLetterTargetArn": arn["Attributes"]["QueueArn"],
                "maxReceiveCount": TRIES,
            }
            self.sqs.create_queue(
                QueueName=self._named(name),
                Attributes={
                    "VisibilityTimeout": str(VISIBILITY_TIMEOUT),
                    "RedrivePolicy": json.dumps(policy),
                },
            )
        for name in ("raw", "playbooks", "pages"):
            self.s3.create_bucket(Bucket=self._named(name))
        secrets = self._client("secretsmanager")
        for name, text in (("claims", PEPPER), ("links", LINKS_SECRET)):
            secrets.create_secret(Name=self._named(name), SecretString=text)
        PlaybookStore(self.s3, self._named("playbooks")).publish(build_playbook(limit, most_open))
        sha256 = hashlib.sha256(PARTNER_KEY.encode()).hexdigest()
        assert partners.put(self.table, sha256, Partner(source="haus", name="haus"))

    def count_messages(self) -> int:
        """Messages in any queue, seen by somebody or not."""
        names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        total = 0
        for queue in (each for name in QUEUES for each in (name, f"{name}-dead")):
            answer = self.wire.call_json_service(
                f"{SQS}.GetQueueAttributes", QueueUrl=self.queue(queue), AttributeNames=names
            )
            found = answer.get("Attributes", {})  # under load it now and then has none
            total += sum(int(found.get(each, 1)) for each in names)
        return total

    def receive_messages(self, queue: str, most: int) -> list[dict[str, Any]]:
        """What a poller of Lambda's is given."""
        answer = self.wire.call_json_service(
            f"{SQS}.ReceiveMessage",
            QueueUrl=self.queue(queue),
            MaxNumberOfMessages=most,
            AttributeNames=["ApproximateReceiveCount"],
        )
        messages: list[dict[str, Any]] = answer.get("Messages", [])
        return messages

    def set_visibility(self, queue: str, receipt: str, after: int = 0) -> None:
        """A message comes again now or some seconds `after`, as if its time had passed.

        Nothing if another has it.
        """
        with contextlib.suppress(self.sqs.exceptions.ReceiptHandleIsInvalid):
            self.sqs.change_message_visibility(
                QueueUrl=self.queue(queue), ReceiptHandle=receipt, VisibilityTimeout=after
            )

    def items(self) -> Iterator[Item]:
        """Everything the table holds."""
        further: dict[str, Any] = {}
        while True:
            page = self.wire.call_json_service(
                f"{DYNAMODB}.Scan", TableName=self._named("leads"), **further
            )
            yield from map(parse_image, page["Items"])
            if "LastEvaluatedKey" not in page:
                return
            further = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def earliest_due(self) -> datetime | None:
        """The first moment at which anything is due, by the due index."""
        found = (
            self.dynamodb.query(
                TableName=self._named("leads"),
                IndexName="due",
                KeyConditionExpression="due_shard = :s",
                ExpressionAttributeValues={":s": {"S": f"DUE#{shard}"}},
                Limit=1,
            )["Items"]
            for shard in range(8)
        )
        moments = (datetime.fromisoformat(items[0]["due_at"]["S"]) for items in found if items)
        return min(moments, default=None)

    def count_parked(self) -> int:
        """Dead letters that nobody could give an end."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._named("raw"), Prefix="raw/parked/"
        )
        return sum(len(page.get("Contents", ())) for page in pages)

    def changes(self, after: str | None, most: int = 1000) -> tuple[list[dict[str, Any]], str]:
        """A page of the table's stream, with bytes as base64 text, and where to go on."""
        if after is None:
            arn = self.dynamodb.describe_table(TableName=self._named("leads"))["Table"][
                "LatestStreamArn"
            ]
            shards = self.streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
            assert len(shards) == 1
            after = self.streams.get_shard_iterator(
                StreamArn=arn, ShardId=shards[0]["ShardId"], ShardIteratorType="TRIM_HORIZON"
            )["ShardIterator"]
        page = self.wire.call_json_service(f"{STREAMS}.GetRecords", ShardIterator=after, Limit=most)
        return page["Records"], page["NextShardIterator"]

    def history(self) -> Iterator[Mapping[str, Any]]:
        """Every change the table ever saw, in order: what lay there afterwards."""
        after = None
        while True:
            records, after = self.changes(after)
            yield from records
            if not records:
                return

    def _named(self, what: str) -> str:
        return f"{self.name}-{what}"

    def _client(self, service: str) -> Any:
        return self.wire.client(service)

    def _make_table(self) -> None:
        names = ["pk", "sk", *(name for pair in INDEXES.values() for name in pair)]
        shown = {"due": "due_kind", "worklist": "card"}
        self.dynamodb.create_table(
            TableName=self._named("leads"),
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in names],
            KeySchema=_schema("pk", "sk"),
            GlobalSecondaryIndexes=[
                {
                    "IndexName": index,
                    "KeySchema": _schema(*pair),
                    "Projection": {
                        "ProjectionType": "INCLUDE",
                        "NonKeyAttributes": [shown[index]],
                    },
                }
                for index, pair in INDEXES.items()
            ],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        )


def parse_image(image: Mapping[str, Mapping[str, str]]) -> Item:
    """An item, from how DynamoDB writes it."""
    return {
        name: VALUE_READERS[kind](text)
        for name, value in image.items()
        for kind, text in value.items()
    }


def _schema(partition: str, sort: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]


def _no_pause(_tried: int) -> None:
    return None
