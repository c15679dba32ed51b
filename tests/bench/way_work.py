"""Run by valgrind in a process of its own: new leads' way from the door to what is relayed.

Arguments: a tree, its sample (`batch_sample.py`), what is done (`bare`: a check and one SendMessage
of a client; `capture`; `way`: also qualify, relay and tally, in batches of ten), and how many
batches are done after the first, which loads what a start puts off. AWS is answered in the process
where botocore would send; the table is empty, as it is for people who are all new.
"""

import importlib
import json
import sys
import time
from http import HTTPStatus
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.httpsession import URLLib3Session
from botocore.session import get_session

BATCH = 10
QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/submissions"
CONTEXT = SimpleNamespace(
    aws_request_id="r-1", function_name="bench", memory_limit_in_mb=1024, invoked_function_arn="a"
)
tree, sample_file, part, batches = *map(Path, sys.argv[1:3]), sys.argv[3], int(sys.argv[4])
sys.path[:0] = [str(tree / "shared"), str(tree / "functions")]
sample = json.loads(sample_file.read_text())
PLAYBOOK = sample["playbook"].encode()
CURRENT = json.dumps({"version": json.loads(PLAYBOOK)["version"]}).encode()
bodies: list[str] = []  # of messages sent
items: list[dict[str, Any]] = []  # of the table, as written


class ResponseStream:
    """What botocore reads an answer from."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def read(self, *_: object) -> bytes:
        body, self._body = self._body, b""
        return body

    def stream(self, *_: object) -> list[bytes]:
        return [self.read()]


def answer_request(_: object, request: Any) -> AWSResponse:
    headers: Any = HTTPHeaders()
    headers["ETag"] = '"1"'
    match request.url.rpartition("/")[2]:
        case "current.json":
            body = CURRENT
        case name if name.endswith(".json"):
            body = PLAYBOOK
        case _:
            body = json.dumps(answer_call(request)).encode()
    stream: Any = ResponseStream(body)
    return AWSResponse(request.url, HTTPStatus.OK, headers, stream)


def answer_call(request: Any) -> Any:
    target = request.headers["X-Amz-Target"]
    text = target if isinstance(target, str) else str(target, "ascii")
    asked = json.loads(request.body)
    match text.rpartition(".")[2]:
        case "SendMessage":
            bodies.append(asked["MessageBody"])
            return {"MessageId": "m-1"}
        case "TransactWriteItems":
            items.extend(put["Put"]["Item"] for put in asked["TransactItems"] if "Put" in put)
            return {}
        case "PutRecordBatch":
            return {
                "FailedPutCount": 0,
                "RequestResponses": [{"RecordId": "r"}] * len(asked["Records"]),
            }
        case "SendMessageBatch":
            sent = [
                {"Id": e["Id"], "MessageId": "m", "MD5OfMessageBody": ""} for e in asked["Entries"]
            ]
            return {"Successful": sent, "Failed": []}
        case "GetSecretValue":
            return {"SecretString": "secret-of-the-bench-which-is-long-enough"}
        case "BatchGetItem":
            return {"Responses": {"leads": []}, "UnprocessedKeys": {}}
        case _:
            return {"Items": [], "Count": 0}


def send_bare(post: dict[str, Any]) -> None:
    if not json.loads(post["body"]).get("email"):
        raise AssertionError(post)
    client.send_message(QueueUrl=QUEUE, MessageBody=post["body"])


def capture_post(post: dict[str, Any]) -> None:
    answer = handlers["capture"](post, CONTEXT)
    assert answer["statusCode"] == HTTPStatus.ACCEPTED, answer


def work_on_batch() -> None:
    """What was sent is decided, and what was written is relayed and tallied."""
    records = [{**MESSAGE, "body": body} for body in bodies]
    answer = handlers["qualify"]({"Records": records}, CONTEXT)
    assert answer == {"batchItemFailures": []}, answer
    changes = [build_change(n, item) for n, item in enumerate(items)]
    founded = [c for c in changes if c["dynamodb"]["NewImage"]["sk"]["S"] == "S"]
    told = [c for c in changes if c["dynamodb"]["NewImage"]["sk"]["S"][:2] in {"S", "D#", "E#"}]
    assert len(founded) == len(bodies), [each["sk"] for each in items]
    handlers["relay"]({"Records": told}, CONTEXT)
    handlers["tally"]({"Records": founded}, CONTEXT)


def build_change(n: int, item: dict[str, Any]) -> dict[str, Any]:
    change = {"ApproximateCreationDateTime": 1, "SequenceNumber": str(n), "NewImage": item}
    return {"eventID": str(n), "eventName": "INSERT", "dynamodb": change}


MESSAGE = {
    "messageId": "m",
    "attributes": {"ApproximateReceiveCount": "1"},
    "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:submissions",
}
session_class: Any = URLLib3Session
session_class.send = answer_request
time.monotonic = lambda: 0.0  # else what is read again every ten seconds is read by valgrind's pace
FUNCTIONS = {"bare": (), "capture": ("capture",), "way": ("capture", "qualify", "relay", "tally")}
handlers: dict[str, Any] = {
    name: importlib.import_module(f"{name}.handler").handler for name in FUNCTIONS[part]
}
client: Any = get_session().create_client("sqs") if part == "bare" else None
for start in range(0, (batches + 1) * BATCH, BATCH):
    bodies.clear()
    items.clear()
    for post in sample["posts"][start : start + BATCH]:
        (send_bare if part == "bare" else capture_post)(post)
    if part == "way":
        work_on_batch()
