"""A small company, and all of AWS it needs, in memory: what the tests of functions live in."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.session import Session, get_session
from moto import mock_aws
from moto.core.models import botocore_stubber

from leadloop.edge.live_playbook import PlaybookStore
from leadloop.edge.wiring import get_wiring
from leadloop.model.reference import AnyRef
from leadloop.playbook.model import Playbook
from leadloop.playbook.versions import stamp_version
from leadloop.store import register
from leadloop.store.dynamodb import DynamoTable
from leadloop.store.items import to_entity
from leadloop.store.keys import RECORD, Key, Keys
from leadloop.store.read import read

REGION = "us-east-1"
PEPPER = "pepper-of-the-tests-which-is-long-enough"
LINKS_SECRET = "secret-of-the-links-which-is-long-enough"
PUBLIC_ADDRESS = "https://leads.example.com"
ALWAYS = {"always": True}

SECTIONS: dict[str, Any] = {
    "version": "",
    "company": {
        "name": "Aqua Pumps",
        "sender": "hello@aqua.example",
        "drop_domain": "drop.aqua.example",
        "language": "en",
        "postal_address": "1 Well Lane, Leeds",
        "product_lines": [
            {"id": "pumps", "name": "Pumps", "business": True, "currency": "EUR"},
        ],
    },
    "sources": {
        "contact": {
            "kind": "form",
            "id": "contact",
            "product_line": "pumps",
            "country": "DE",
            "language": "en",
            "required": ["contact.email"],
            "honeypot": "website_url",
            "allowed_origins": ["https://aqua.example"],
            "thank_you": "https://aqua.example/thanks",
            "consent": {
                "version": "v1",
                "text": "Yes, write to me.",
                "purposes": ["marketing"],
                "required": True,
            },
        },
        "portal": {
            "kind": "mail",
            "id": "portal",
            "product_line": "pumps",
            "country": "DE",
            "language": "en",
            "address": "portal",
        },
        "fair": {
            "kind": "file",
            "id": "fair",
            "product_line": "pumps",
            "country": "DE",
            "language": "en",
            "fields": {
                "E-Mail": "contact.email",
                "Name": "contact.name",
                "Firma": "contact.company",
            },
        },
        "haus": {
            "kind": "partner",
            "id": "haus",
            "product_line": "pumps",
            "country": "DE",
            "language": "en",
        },
    },
    "scores": {
        "pumps": {
            "id": "pumps-1",
            "product_line": "pumps",
            "fit": [
                {
                    "id": "company",
                    "when": {"field": "contact.company", "given": True},
                    "points": 50,
                    "reason": "Writes for a company",
                }
            ],
            "behaviour": [
                {
                    "signal": "click",
                    "points": 10,
                    "half_life_days": 14,
                    "limit": 20,
                    "reason": "Follows our links",
                }
            ],
            "thresholds": {"warm": 20, "hot": 60, "qualify": 40},
        }
    },
    "routing": {
        "weeks": {"day": ALWAYS},
        "routes": [{"id": "all", "pools": ["field"], "reason": "Everybody's first pool"}],
    },
    "pools": {
        "field": {
            "id": "field",
            "name": "Field sales",
            "queue": True,
            "reps": [
                {
                    "id": "ida",
                    "name": "Ida Noor",
                    "email": "ida@aqua.example",
                    "zone": "Europe/Berlin",
                    "hours": "day",
                    "languages": ["en"],
                }
            ],
        }
    },
    "sequences": {
        "welcome": {
            "id": "welcome",
            "product_line": "pumps",
            "steps": [{"do": "send", "id": "hello", "wait_hours": 1, "template": "hello"}],
        }
    },
    "templates": {
        "rep_alert": {
            "id": "rep_alert",
            "texts": {
                "en": {
                    "subject": "New lead: {{ lead.name }}",
                    "body": "Hello {{ rep.name }},\n\ntake {{ lead.name }}: {{ accept_url }}",
                }
            },
        },
        "hello": {
            "id": "hello",
            "texts": {
                "en": {
                    "subject": "Our pumps",
                    "body": "Look: {{ 'https://aqua.example/pumps' | track }}\n\n"
                    "{{ company.postal_address }}\n{{ unsubscribe_url }}",
                }
            },
        },
    },
    "lifecycle": {
        "service_level": {"accept_minutes": 60, "escalate_to": "field"},
        "reject_reasons": [],
        "lost_reasons": [],
    },
    "contact": {
        "most": 3,
        "per_days": 7,
        "marketing_purpose": "marketing",
        "windows": [{"zone": "Europe/Berlin", "week": ALWAYS, "source": "made up for tests"}],
    },
}
PLAYBOOK = stamp_version(Playbook.model_validate(SECTIONS))


@cache  # making one takes longer than all a test does with it
def _clients() -> SimpleNamespace:
    names = (
        "dynamodb",
        "s3",
        "sqs",
        "secretsmanager",
        "firehose",
        "ses",
        "stepfunctions",
        "logs",
        "sns",
    )
    session = boto3.Session("testing", "testing", region_name=REGION)
    return SimpleNamespace(**{name: session.client(name) for name in names})  # type: ignore[call-overload]


@cache  # it reads what a service can do once, and that takes longer than all a test does
def _session() -> Session:
    return get_session()


class MotoHttp:
    """AWS in memory, for calls that no client makes. What `answers` has for an operation wins."""

    def __init__(self) -> None:
        self.answers: dict[str, Callable[[AWSPreparedRequest], AWSResponse | None]] = {}

    def send(self, request: AWSPreparedRequest) -> AWSResponse:
        operation = name_operation(request)
        answer = self.answers.get(operation, _ask_moto)(request)
        return answer or _ask_moto(request)


def _ask_moto(request: AWSPreparedRequest) -> AWSResponse:
    stubber: Any = botocore_stubber
    answer: AWSResponse = stubber("before-send", request)
    return answer


def signed_answers() -> dict[str, Callable[[AWSPreparedRequest], AWSResponse | None]]:
    """What this process is answered in place of AWS, by operation, for calls that no client makes.

    None: AWS in memory is asked after all.
    """
    http = get_wiring()._http
    assert isinstance(http, MotoHttp)
    return http.answers


SERVICES = {"AmazonSQS": "sqs", "secretsmanager": "secrets-manager"}  # as botocore's events say


def name_operation(request: AWSPreparedRequest) -> str:
    """The operation of a call that no client makes: `sqs.SendMessage`, `s3.GetObject`."""
    target: Any = request.headers.get("X-Amz-Target")
    if target is None:
        return "s3.GetObject"
    service, _, operation = (target if isinstance(target, str) else target.decode()).partition(".")
    return f"{SERVICES[service]}.{operation}"


def reset_caches() -> None:
    """As in a process that has just begun: nothing is known of what was read before."""
    get_wiring.cache_clear()
    get_wiring()._session = _session()
    get_wiring()._http = MotoHttp()


class AwsFixture:
    """The clients, and what tests look at."""

    def __init__(self) -> None:
        self.aws = _clients()
        self.queues = {
            name: self.aws.sqs.create_queue(QueueName=name)["QueueUrl"]
            for name in ("submissions", "signals", "deliveries", "received_mail")
        }
        for bucket in ("raw", "playbooks", "pages", "lake"):
            self.aws.s3.create_bucket(Bucket=bucket)
        self._make_table()
        for name, text in (("claims", PEPPER), ("links", LINKS_SECRET)):
            self.aws.secretsmanager.create_secret(Name=name, SecretString=text)
        self.aws.firehose.create_delivery_stream(
            DeliveryStreamName="lake",
            ExtendedS3DestinationConfiguration={
                "BucketARN": "arn:aws:s3:::lake",
                "RoleARN": "arn:aws:iam::123456789012:role/lake",
            },
        )
        self.aws.ses.verify_domain_identity(Domain="aqua.example")
        self.replays = self._flow("replays")
        self.topic = self.aws.sns.create_topic(Name="alarms")["TopicArn"]
        self.aws.logs.create_log_group(logGroupName="doors")
        self.publish(PLAYBOOK)
        self.table = DynamoTable(self.aws.dynamodb, "leads", Keys(PEPPER.encode()), lambda _: None)

    def _flow(self, name: str) -> str:
        made = self.aws.stepfunctions.create_state_machine(
            name=name,
            definition=json.dumps({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}),
            roleArn="arn:aws:iam::123456789012:role/flow",
        )
        return str(made["stateMachineArn"])

    def publish(self, playbook: Playbook) -> None:
        PlaybookStore(self.aws.s3, "playbooks").publish(playbook)

    def receive_messages(self, queue: str) -> list[dict[str, Any]]:
        """What lies in a queue, taken out."""
        found: list[dict[str, Any]] = []
        while True:
            got = self.aws.sqs.receive_message(
                QueueUrl=self.queues[queue], MaxNumberOfMessages=10, VisibilityTimeout=0
            ).get("Messages", [])
            if not got:
                return found
            for message in got:
                self.aws.sqs.delete_message(
                    QueueUrl=self.queues[queue], ReceiptHandle=message["ReceiptHandle"]
                )
                found.append(json.loads(message["Body"]))

    def lake_lines(self) -> list[dict[str, Any]]:
        """Every line of the lake."""
        lines: list[dict[str, Any]] = []
        for found in self.aws.s3.list_objects_v2(Bucket="lake").get("Contents", []):
            body = self.aws.s3.get_object(Bucket="lake", Key=found["Key"])["Body"].read()
            lines += [json.loads(line) for line in body.splitlines()]
        return lines

    def read_entity(self, ref: AnyRef) -> Any:
        """The entity of `ref`, or None."""
        return read(self.table, [ref])[ref]

    def records(self) -> list[Any]:
        known = (Key(item["pk"]["S"], item["sk"]["S"]) for item in self.items())
        found = self.table.get([key for key in known if key.sk == RECORD])
        return [to_entity(item) for item in found.values()]

    def run_tally(self) -> None:
        """What came in is registered, as `tally` does it when the stream tells."""
        register.put_records(self.table, self.records())

    def items(self) -> list[Mapping[str, Any]]:
        return self.aws.dynamodb.scan(TableName="leads")["Items"]

    def _make_table(self) -> None:
        def index(name: str, pk: str, sk: str) -> dict[str, Any]:
            return {
                "IndexName": name,
                "KeySchema": [
                    {"AttributeName": pk, "KeyType": "HASH"},
                    {"AttributeName": sk, "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }

        names = ("pk", "sk", "due_shard", "due_at", "worklist", "priority")
        self.aws.dynamodb.create_table(
            TableName="leads",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in names],
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            GlobalSecondaryIndexes=[
                index("due", "due_shard", "due_at"),
                index("worklist", "worklist", "priority"),
            ],
        )


@contextmanager
def open_aws_fixture(monkeypatch: pytest.MonkeyPatch) -> Iterator[AwsFixture]:
    """An empty one, with the playbook published and every variable set."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        made = AwsFixture()
        variables = {
            "LEAD_TABLE": "leads",
            "CLAIMS_SECRET": "claims",
            "LINKS_SECRET": "links",
            "PLAYBOOK_BUCKET": "playbooks",
            "RAW_BUCKET": "raw",
            "PAGES_BUCKET": "pages",
            "LAKE_STREAM": "lake",
            "HOOK_SECRETS": "test/hooks/",
            "VENDOR_SECRETS": "test/vendors/",
            "OUTBOUND_GATEWAY": "http://127.0.0.1:9",  # where nobody answers
            "PUBLIC_URL": PUBLIC_ADDRESS,
            "REPLAY_FLOW": made.replays,
            "ALARM_TOPIC": made.topic,
            "DOOR_LOGS": "doors",
            **{f"{name.upper()}_QUEUE": url for name, url in made.queues.items()},
        }
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        reset_caches()
        yield made
        get_wiring.cache_clear()


def sqs_event(*bodies: str, queue: str = "queue") -> dict[str, Any]:
    """As Lambda receives a batch."""
    return {
        "Records": [
            {
                "messageId": f"m{n}",
                "receiptHandle": "handle",
                "body": body,
                "attributes": {"ApproximateReceiveCount": "1"},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:{REGION}:123456789012:{queue}",
                "awsRegion": REGION,
            }
            for n, body in enumerate(bodies)
        ]
    }


def http_event(method: str, path: str, body: str | None = None, **headers: str) -> dict[str, Any]:
    """As Lambda receives a request of the REST API."""
    return {
        "resource": "/{proxy+}",
        "path": path,
        "httpMethod": method,
        "headers": {name.replace("_", "-"): value for name, value in headers.items()},
        "multiValueHeaders": {},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": {"proxy": path.strip("/").partition("/")[2]},
        "stageVariables": None,
        "requestContext": {
            "resourcePath": "/{proxy+}",
            "httpMethod": method,
            "path": path,
            "stage": "prod",
            "requestId": "r-1",
            "identity": {"sourceIp": "203.0.113.7", "userAgent": "Mozilla/5.0"},
        },
        "body": body,
        "isBase64Encoded": False,
    }


def batch_failures(*ids: str) -> dict[str, Any]:
    """The answer that brings exactly these back."""
    return {"batchItemFailures": [{"itemIdentifier": id_} for id_ in ids]}
