"""Goal 11: a warm capture beside the least that could be there: check, one SendMessage.

Both in this process, botocore stubbed at `before-send`, in turn; CPU of the best block.
"""

import gc
import json
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from botocore.awsrequest import AWSResponse
from moto.core.models import botocore_stubber

from capture import handler as capture
from leadloop.edge.wiring import get_wiring
from tests.bench import inquiries
from tests.bench.goals import Figure
from tests.bench.units import CONTEXT, capture_logs, open_company
from tests.functions.aws_fixture import signed_answers

BLOCK, BLOCKS = 40, 13


class _ResponseStream:
    """What botocore reads an answer from."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> list[bytes]:
        return [self._body]


def warm_capture() -> list[Figure]:
    """The whole handler over the bare one."""
    answer = json.dumps({"MD5OfMessageBody": "", "MessageId": "m-1"}).encode()

    def answered(*_: object, **__: object) -> AWSResponse:
        headers: Any = {"content-type": "application/x-amz-json-1.0"}
        return AWSResponse("https://sqs", HTTPStatus.OK, headers, _ResponseStream(answer))

    with open_company() as here, capture_logs() as said:
        client: Any = get_wiring()._client("sqs")
        events = client.meta.events
        events.unregister("before-send", botocore_stubber)  # it costs more than AWS does
        events.register("before-send", answered)
        signed_answers()["sqs.SendMessage"] = answered
        queue = here.home.queues["submissions"]
        posts = [inquiries.build_post(n) for n in range(BLOCK)]

        def bare(post: dict[str, object]) -> None:
            body = str(post["body"])
            if not json.loads(body).get("email"):
                raise AssertionError(body)
            client.send_message(QueueUrl=queue, MessageBody=body)

        def whole(post: dict[str, object]) -> None:
            capture.handler(post, CONTEXT)

        gc.collect()
        gc.freeze()  # as after a function's init; what the bench itself holds is not to be walked
        best = {"bare": float("inf"), "whole": float("inf")}
        for _ in range(BLOCKS):
            best["bare"] = min(best["bare"], _block(bare, posts))
            best["whole"] = min(best["whole"], _block(whole, posts))
            said.seek(0)
            said.truncate()
        gc.unfreeze()
    return [
        Figure(
            goal="11",
            what="warm capture, CPU over a bare handler's with SendMessage",
            value=best["whole"] / best["bare"],
            unit="x",
            kind="ratio",
            anchor="default 1.5-2.2",
            limit=1.3,
            note=f"{best['whole'] * 1e6:.0f} us of {best['bare'] * 1e6:.0f}",
        )
    ]


def _block(work: Callable[[dict[str, object]], None], posts: list[dict[str, object]]) -> float:
    began = time.process_time()
    for post in posts:
        work(post)
    return (time.process_time() - began) / len(posts)
