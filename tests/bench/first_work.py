"""Run by a bare interpreter on an unpacked bundle: a function's start, up to its first work done.

Arguments: the bundle, and a folder named after the function with `event.json` and `playbook.json`,
which AWS answers with; its table is empty.
"""

import importlib
import json
import sys
from http import HTTPStatus
from pathlib import Path
from types import SimpleNamespace
from typing import Any

bundle, folder = sys.argv[1], Path(sys.argv[2])
sys.path[:0] = [bundle]

function: Any = importlib.import_module(f"{folder.name}.handler")

from botocore.awsrequest import AWSResponse  # noqa: E402 - from the bundle, after the function's
from botocore.httpsession import URLLib3Session  # noqa: E402 - the same

HEADERS: Any = {"ETag": '"1"'}
ANSWERS: dict[str, dict[str, object]] = {
    "SendMessage": {"MessageId": "m-1", "MD5OfMessageBody": ""},
    "GetSecretValue": {"SecretString": "of the bench"},
    "BatchGetItem": {"Responses": {"leads": []}, "UnprocessedKeys": {}},
    "Query": {"Items": [], "Count": 0},
    "TransactWriteItems": {},
}
LAST_OPERATION = {"capture": "SendMessage", "qualify": "TransactWriteItems"}
operations: list[str] = []


class ResponseStream:
    """What botocore reads an answer from."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def read(self, *_: object) -> bytes:
        body, self._body = self._body, b""
        return body

    def stream(self, *_: object) -> list[bytes]:
        return [self.read()]


def answer_request(_: object, request: Any) -> Any:
    """As AWS; clients and signed calls both end here."""
    playbook = (folder / "playbook.json").read_bytes()
    match request.url.rpartition("/")[2]:
        case "current.json":
            body = json.dumps({"version": json.loads(playbook)["version"]}).encode()
        case name if name.endswith(".json"):
            body = playbook
        case _:
            target = request.headers["X-Amz-Target"]
            text = target if isinstance(target, str) else str(target, "ascii")
            operations.append(text.rpartition(".")[2])
            body = json.dumps(ANSWERS[operations[-1]]).encode()
    return AWSResponse(request.url, HTTPStatus.OK, HEADERS, ResponseStream(body))


session_class: Any = URLLib3Session
session_class.send = answer_request
context: Any = SimpleNamespace(
    aws_request_id="r-1", function_name="bench", memory_limit_in_mb=1024, invoked_function_arn="a"
)
answer = function.handler(json.loads((folder / "event.json").read_text()), context)
assert operations[-1] == LAST_OPERATION[folder.name], (answer, operations)
