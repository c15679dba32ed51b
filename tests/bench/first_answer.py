"""Run by a bare interpreter on an unpacked bundle: the public door's start, up to its first 202.

Arguments: the bundle, and a folder with `event.json` and `playbook.json`, which AWS answers with.
"""

import json
import sys
from http import HTTPStatus
from pathlib import Path
from types import SimpleNamespace
from typing import Any

bundle, folder = sys.argv[1], Path(sys.argv[2])
sys.path[:0] = [bundle]

from botocore.awsrequest import AWSResponse  # noqa: E402 - from the bundle

from capture.handler import handler  # noqa: E402 - the same
from leadloop.edge.wiring import wired  # noqa: E402 - the same

HEADERS: Any = {"ETag": '"1"'}


class Bytes:
    """What botocore reads an answer from."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def read(self, *_: object) -> bytes:
        body, self._body = self._body, b""
        return body

    def stream(self, *_: object) -> list[bytes]:
        return [self.read()]


def answered(request: Any, **_: object) -> Any:
    playbook = (folder / "playbook.json").read_bytes()
    match request.url.rpartition("/")[2]:
        case "current.json":
            body = json.dumps({"version": json.loads(playbook)["version"]}).encode()
        case name if name.endswith(".json"):
            body = playbook
        case _:
            body = b'{"MessageId": "m-1", "MD5OfMessageBody": ""}'
    return AWSResponse(request.url, HTTPStatus.OK, HEADERS, Bytes(body))


for client in (wired().s3, wired()._sqs):
    client.meta.events.register("before-send", answered)
context: Any = SimpleNamespace(
    aws_request_id="r-1", function_name="bench", memory_limit_in_mb=1024, invoked_function_arn="a"
)
answer = handler(json.loads((folder / "event.json").read_text()), context)
assert answer["statusCode"] == HTTPStatus.ACCEPTED, answer
