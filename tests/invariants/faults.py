"""The world's bad days, put between the functions and AWS: botocore's own hook, nothing of ours.

`before-send` sees every request as it leaves. It may answer in AWS's place (throttled, broken),
let the request through and lose the answer, send it several times, or end the process.
"""

import base64
import json
import os
import random
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NoReturn
from urllib.parse import parse_qs

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ReadTimeoutError

from tests.invariants.ledger import JsonLinesFile
from tests.invariants.shared import Shared, real_sleep
from tests.invariants.wire import Body, Wire

WRITES = {"PutItem", "TransactWriteItems", "SendMessage", "SendMessageBatch", "PutObject"}
DUPLICATED = {"SendMessage", "SendMessageBatch"}
MAIL, LAKE = "SendRawEmail", "PutRecordBatch"
SDK_TRIES = 3  # as edge/wiring.py and edge/signed_calls.py
DELAY = (2.0, 10.0)  # seconds
TIME_FACTOR = 20.0  # times that all waits are shorter
RECEIVED_AT_HEADER = "x-amz-meta-received"  # when the run's clock says that an object was put
CRASHED = 9  # the exit code of a process that was ended at a write


@dataclass(frozen=True, slots=True)
class FaultRates:
    """Shares of all calls; `kill_within`: each process ends at a write drawn up to this one."""

    throttled: float = 0.0
    broken: float = 0.0
    answers_lost: float = 0.0
    commits_in_doubt: float = 0.0  # of transactions: the answer is lost however often it is asked
    delayed: float = 0.0  # the answer comes `DELAY` seconds late
    unprocessed: float = 0.0  # of batch reads: half of the keys have to be asked for again
    table_lost: float = 0.0  # seconds, twenty times shorter as all waits are; once a run
    skew: float = 0.0  # seconds at most by which the clock of a process is wrong, either way
    kill_within: int = 0
    copies: int = 1
    copied: float = 1.0  # of messages that are sent, where there are copies
    shuffled: bool = False
    late: float = 0.0
    replayed: float = 0.0  # of the stream's batches
    poison: int = 0  # messages that nobody can work on


class FaultInjector:
    """Stands in one process. Mail and lake end here too: in files, once AWS would have them."""

    def __init__(
        self, wire: Wire, mails: JsonLinesFile, happened: JsonLinesFile, shared: Shared
    ) -> None:
        self._mails, self._happened, self._shared = mails, happened, shared
        self._wire = wire
        self.begin(FaultRates(), 0)

    def begin(self, weather: FaultRates, seed: int) -> None:
        """From here on, in this process."""
        self._weather, self._chance = weather, random.Random(seed)
        self._shared.skew = timedelta(seconds=self._chance.uniform(-weather.skew, weather.skew))
        if weather.skew:
            self._note("clock wrong", "all")
        within = weather.kill_within
        self._doubtful = 0  # answers of this transaction that are still to be lost
        self._writes_left = self._chance.randint(1, within) if within else -1

    def on_request(self, request: AWSPreparedRequest, event_name: str, **_: object) -> AWSResponse:
        service, operation = event_name.split(".")[1:]
        weather, chance = self._weather, self._chance
        writes = operation in WRITES or operation == MAIL
        dies = writes and self._crashes_now()
        if dies and chance.random() < 0.5:
            self._crash()
        if service == "dynamodb" and self._shared.is_table_down:
            self._note("table lost", operation)
            return _refusal(request, service, 400, "ResourceNotFoundException")
        if chance.random() < weather.throttled:
            self._note("throttled", operation)
            return _refusal(request, service, *THROTTLED[service])
        if chance.random() < weather.broken:
            self._note("broken", operation)
            return _refusal(request, service, 500, "InternalError")
        lost = self._commits_unanswered(operation) or chance.random() < weather.answers_lost
        answer = self._send(request, operation)
        if chance.random() < weather.delayed:
            self._note("delayed", operation)
            seconds = chance.uniform(*DELAY)
            real_sleep(seconds / TIME_FACTOR)
            self._shared.move_on(seconds)
        if dies:
            self._crash()
        if lost:
            self._note("answer lost", operation)
            raise ReadTimeoutError(endpoint_url=request.url)
        return answer

    def _send(self, request: Any, operation: str) -> AWSResponse:
        if operation == MAIL:
            return self._mail(request)
        if operation == LAKE:
            count = len(json.loads(request.body)["Records"])
            said = {"FailedPutCount": 0, "RequestResponses": [{"RecordId": "r"}] * count}
            return _answer(request, 200, json.dumps(said).encode())
        if operation == "BatchGetItem" and self._chance.random() < self._weather.unprocessed:
            return self._answer_half(request)
        answer = self._wire.ask(request)
        if RECEIVED_AT_HEADER in answer.headers:
            answer.headers["last-modified"] = answer.headers[RECEIVED_AT_HEADER]
        if operation in DUPLICATED and self._chance.random() < self._weather.copied:
            for _ in range(self._weather.copies - 1):
                self._wire.ask(request)
                self._note("copied", operation)
        return answer

    def _answer_half(self, request: Any) -> AWSResponse:
        """The rest of the keys is named, and has to be asked for again."""
        asked = json.loads(request.body)["RequestItems"]
        ((table, of),) = asked.items()
        middle = len(of["Keys"]) // 2
        first, rest = of["Keys"][:middle], of["Keys"][middle:]
        answer: dict[str, Any] = {"Responses": {table: []}}
        if first:
            request.body = json.dumps({"RequestItems": {table: {**of, "Keys": first}}}).encode()
            answer = json.loads(self._wire.ask(request).content)
        if middle:
            self._note("unprocessed", "BatchGetItem")
        answer["UnprocessedKeys"] = {table: {**of, "Keys": rest}}
        return _answer(request, 200, json.dumps(answer).encode())

    def _mail(self, request: Any) -> AWSResponse:
        body = request.body if isinstance(request.body, str) else request.body.decode()
        raw = parse_qs(body)["RawMessage.Data"][0]
        self._mails.append({"at": self._shared.stamp(), "raw": base64.b64decode(raw).decode()})
        said = "<MessageId>m-1</MessageId>"
        kind = "SendRawEmail"
        text = f"<{kind}Response><{kind}Result>{said}</{kind}Result></{kind}Response>"
        return _answer(request, 200, text.encode())

    def _commits_unanswered(self, operation: str) -> bool:
        if operation != "TransactWriteItems":
            return False
        if not self._doubtful and self._chance.random() < self._weather.commits_in_doubt:
            self._doubtful = SDK_TRIES
        if not self._doubtful:
            return False
        self._doubtful -= 1
        return True

    def _crashes_now(self) -> bool:
        self._writes_left -= 1
        return self._writes_left == 0

    def _crash(self) -> NoReturn:
        os._exit(CRASHED)

    def _note(self, what: str, operation: str) -> None:
        self._happened.append({"what": what, "operation": operation})


THROTTLED = {
    "dynamodb": (400, "ProvisionedThroughputExceededException"),
    "sqs": (400, "ThrottlingException"),
    "s3": (503, "SlowDown"),
    "ses": (400, "Throttling"),
    "firehose": (503, "ServiceUnavailableException"),
    "secrets-manager": (400, "ThrottlingException"),
}


def _refusal(request: AWSPreparedRequest, service: str, status: int, code: str) -> AWSResponse:
    if service in {"s3", "ses"}:
        error = f"<Code>{code}</Code><Message>fault</Message>"
        wrapped = error if service == "s3" else f"<Error>{error}</Error>"
        root = "Error" if service == "s3" else "ErrorResponse"
        return _answer(request, status, f"<{root}>{wrapped}</{root}>".encode())
    body = json.dumps({"__type": f"x#{code}", "message": "fault"}).encode()
    return _answer(request, status, body, **{"x-amzn-errortype": code})


def _answer(request: Any, status: int, body: bytes, **headers: str) -> AWSResponse:
    named: Any = headers
    return AWSResponse(request.url, status, named, Body(body))
