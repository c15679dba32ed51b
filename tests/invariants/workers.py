"""What runs in a process of its own: the real handlers, called as Lambda's event sources call them.

A batch whose handler raises comes again whole; of one that answers, what it names comes again. A
message of a process that died comes again once it is visible. Waits are twenty times shorter.
"""

import base64
import hashlib
import json
import math
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import admin.handler
import capture.handler
import deliver.handler
import engage.handler
import journey.handler
import mail_in.handler
import partners.handler
import qualify.handler
import relay.handler
import upkeep.handler
from tests.functions.aws_fixture import http_event, sqs_event
from tests.invariants.faults import RECEIVED_AT_HEADER, TIME_FACTOR, FaultRates
from tests.invariants.inquiries import Attempt
from tests.invariants.ledger import JsonLinesFile, Ledger, build_line
from tests.invariants.shared import START, Shared
from tests.invariants.site import PARTNER_KEY, QUEUES, VISIBILITY_TIMEOUT, Site
from tests.lambda_context import FakeLambdaContext

Handler = Callable[[Any, Any], Any]
MOST_CALLS = 12  # a client that is told "try again" does so as often
RELAY_BATCH = 100  # records a batch, as infra/outbound.py
BATCH = 10  # messages, as infra/workers.py
WINDOW = 0.1  # seconds in which a batch may fill


@dataclass(frozen=True)
class WorkerContext:
    """Where a process stands: what it works on, and what it may use."""

    site: Site
    weather: FaultRates
    chance: random.Random
    shared: Shared
    home: Path
    name: str

    @property
    def in_flight_file(self) -> Path:
        """The messages this process has taken, should it die with them."""
        return self.home / f"{self.name}.taken"

    def open_log(self, name: str) -> JsonLinesFile:
        return JsonLinesFile(self.home / f"{name}.jsonl")


def call_doors(post: WorkerContext, door: int, attempts: Sequence[Attempt], *, again: bool) -> None:
    """Calls the doors, keeps the ledger. `again`: the process before died during a call."""
    ledger = Ledger(post.home / "ledger.jsonl")
    poison = post.weather.poison // 2
    for place in range(post.shared.posted[door], len(attempts)):
        if poison and place % max(1, len(attempts) // poison) == 0 and not again:
            _poison(post, door, place)
        attempt = attempts[place]
        if again:
            ledger.write(build_line(attempt, None, None))
            again = False
        for _ in range(MOST_CALLS):
            status, said = _call(post, attempt)
            ledger.write(build_line(attempt, status, said))
            if status < 500:
                break
            while post.shared.is_table_down:
                post.shared.wait(WINDOW)
        post.shared.posted[door] = place + 1


def _call(post: WorkerContext, attempt: Attempt) -> tuple[int, str | None]:
    if attempt.door == "mail":
        return _send_mail(post, attempt)
    headers = {"content_type": "application/json", "accept": "application/json"}
    if attempt.door == "form":
        event = http_event("POST", "/f/contact", attempt.body.decode(), **headers)
        answer = capture.handler.handler(event, FakeLambdaContext())
    else:
        if attempt.key:
            headers["Idempotency_Key"] = attempt.key
        headers["x_api_key"] = PARTNER_KEY
        event = http_event("POST", "/v1/leads", attempt.body.decode(), **headers)
        answer = partners.handler.handler(event, FakeLambdaContext())
    return answer["statusCode"], answer["body"]


def _send_mail(post: WorkerContext, attempt: Attempt) -> tuple[int, str]:
    """As the receiving server does: the bytes into the bucket, and S3 announces them."""
    key, bucket = str(attempt.key), f"{post.site.name}-raw"
    at = format_datetime(post.shared.now(), usegmt=True)
    post.site.s3.put_object(
        Bucket=bucket,
        Key=key,
        Body=attempt.body,
        Metadata={RECEIVED_AT_HEADER.rpartition("-")[2]: at},
    )
    notice = {"Records": [{"s3": {"bucket": {"name": bucket}, "object": {"key": quote(key)}}}]}
    post.site.sqs.send_message(QueueUrl=post.site.queue("mails"), MessageBody=json.dumps(notice))
    return 250, json.dumps({"submission_id": attempt.derived_id})


def _poison(post: WorkerContext, door: int, place: int) -> None:
    """Half cannot even be parsed; half point to bytes that are not there."""
    junk = f"junk-{door}-{place}"
    gone = (
        f'{{"id":"POISON{door}X{place}","source":"portal","channel":"mail",'
        f'"received_at":"2026-03-02T09:00:00Z","sha256":"{"0" * 64}","size":1,'
        f'"location":{{"bucket":"{post.site.name}-raw","key":"in/gone-{door}-{place}"}}}}'
    )
    body = junk if place % 2 else gone
    post.site.sqs.send_message(QueueUrl=post.site.queue("submissions"), MessageBody=body)
    post.open_log("poison").append({"body": body, "junk": bool(place % 2)})


def post_unsubscribes(post: WorkerContext, links: Sequence[tuple[str, str]]) -> None:
    """Some who got a letter want no more: one click (RFC 8058), until it is answered."""
    for lead_id, url in links[post.shared.posted[2] :]:
        path = url.partition("example.com")[2]
        for _ in range(MOST_CALLS):
            body = "List-Unsubscribe=One-Click"
            event = http_event("POST", path, body, content_type="application/x-www-form-urlencoded")
            answer = capture.handler.handler(event, FakeLambdaContext())
            if answer["statusCode"] == 200:
                post.open_log("stops").append({"lead": lead_id, "at": post.shared.stamp()})
                break
        post.shared.posted[2] += 1


def query_submissions(post: WorkerContext, ids: Sequence[str]) -> None:
    """Somebody at a desk looks up what became of some, and what their bytes were."""
    for id_ in ids:
        path = f"/admin/v1/submissions/{id_}"
        shown, raw = _as_admin(path), _as_admin(f"{path}/raw")
        post.open_log("looked").append(
            {
                "id": id_,
                "outcome": json.loads(shown["body"]).get("outcome"),
                "sha256": hashlib.sha256(base64.b64decode(raw["body"])).hexdigest(),
            }
        )


def _as_admin(path: str) -> dict[str, Any]:
    event = http_event("GET", path)
    event["requestContext"]["authorizer"] = {
        "claims": {"sub": "u-admin", "cognito:groups": "admin"}
    }
    answer: dict[str, Any] = admin.handler.handler(event, FakeLambdaContext())
    return answer


def work_submissions(post: WorkerContext) -> None:
    _serve(post, [("submissions", qualify.handler.handler)])


def work_deliveries(post: WorkerContext) -> None:
    _serve(post, [("deliveries", deliver.handler.handler)])


def work_background(post: WorkerContext) -> None:
    """Signals, dead letters, and the journey when the clock has moved."""
    dead = [(f"{queue}-dead", upkeep.handler.handler) for queue in QUEUES]
    taken = [("mails", mail_in.handler.handler), ("signals", engage.handler.handler)]
    _serve(post, [*taken, *dead], meanwhile=_journey)


def warm_up_workers(post: WorkerContext, attempts: Sequence[Attempt]) -> None:
    """All of it once, in one process."""
    call_doors(post, 0, attempts, again=False)
    for _ in range(2):
        _work(post, "mails", mail_in.handler.handler)
        _work(post, "submissions", qualify.handler.handler)
        _page(post)
        _work(post, "deliveries", deliver.handler.handler)
        post.shared.move_to(START + timedelta(hours=2))
        post.shared.tick.value += 1
        _journey(post)
    query_submissions(post, [each["id_returned"] for each in post.open_log("ledger").entries()])


def _serve(
    post: WorkerContext,
    sources: Sequence[tuple[str, Handler]],
    meanwhile: Callable[[WorkerContext], None] = lambda _: None,
) -> None:
    idle = WINDOW
    while not post.shared.stopping:
        meanwhile(post)
        got = max(_work(post, queue, handler) for queue, handler in sources)
        if got < BATCH:
            idle = WINDOW if got else min(0.4, idle * 2)
            post.shared.wait(idle)


def _work(post: WorkerContext, queue: str, handler: Handler) -> int:
    """A batch, or several at once whose messages are mixed."""
    url = post.site.queue(queue)
    got: list[dict[str, Any]] = []
    for _ in range(4 if post.weather.shuffled else 1):
        found = post.site.receive_messages(queue, BATCH)
        got += found
        if len(found) < BATCH:
            break
    if got:
        post.in_flight_file.write_text(json.dumps([(queue, each["ReceiptHandle"]) for each in got]))
    if post.weather.shuffled:
        post.chance.shuffle(got)
    for start in range(0, len(got), BATCH):
        _batch(post, queue, url, handler, got[start : start + BATCH])
    return len(got)


def _batch(
    post: WorkerContext, queue: str, url: str, handler: Handler, batch: Sequence[dict[str, Any]]
) -> None:
    event = sqs_event(*(message["Body"] for message in batch), queue=queue)
    for record, message in zip(event["Records"], batch, strict=True):
        record["messageId"] = message["MessageId"]
        record["attributes"] = message.get("Attributes", {})
    failed = {record["messageId"] for record in event["Records"]}
    try:
        answer = handler(event, FakeLambdaContext())
        failed = {each["itemIdentifier"] for each in answer["batchItemFailures"]}
    except Exception as error:  # noqa: BLE001  as Lambda: the batch comes again
        post.open_log("raised").append({"queue": queue, "error": repr(error)[:300]})
    done = [message for message in batch if message["MessageId"] not in failed]
    for message in done:
        if queue in ("submissions", "deliveries") and post.chance.random() < post.weather.late:
            post.open_log("late").append({"queue": queue, "body": message["Body"]})
    if done:
        entries = [
            {"Id": str(n), "ReceiptHandle": message["ReceiptHandle"]}
            for n, message in enumerate(done)
        ]
        post.site.sqs.delete_message_batch(QueueUrl=url, Entries=entries)
    for message in batch:
        if message["MessageId"] in failed:
            post.site.set_visibility(queue, message["ReceiptHandle"], _retry_delay(post))


def _retry_delay(post: WorkerContext) -> int:
    """At once, since a fault of one call is over; in a longer one, as late as AWS shows it again.

    Sooner, all of a message's tries would fall into one minute without a table.
    """
    return math.ceil(VISIBILITY_TIMEOUT / TIME_FACTOR) if post.shared.is_table_down else 0


def relay_stream(post: WorkerContext) -> None:
    """The table's stream → relay, from where the process before left off."""
    while not post.shared.stopping:
        began = time.monotonic()
        found = _page(post)
        if not found:
            post.shared.relay_idle.value = began
        if found < RELAY_BATCH:
            post.shared.wait(WINDOW)


def _page(post: WorkerContext) -> int:
    """How many changes there were."""
    records, position = post.site.changes(post.shared.stream_position, RELAY_BATCH)
    batch = [record for record in records if _passes(record)]
    for _ in range(2 if post.chance.random() < post.weather.replayed else 1):
        _relay(post, batch)
    post.shared.stream_position = position
    return len(records)


def _relay(post: WorkerContext, batch: Sequence[Mapping[str, Any]]) -> None:
    """Until nothing of it failed: a stream does not go past a record."""
    while batch:
        numbers = [record["dynamodb"]["SequenceNumber"] for record in batch]
        try:
            answer = relay.handler.handler({"Records": batch}, FakeLambdaContext())
        except Exception as error:  # noqa: BLE001  as Lambda: the batch comes again
            post.open_log("raised").append({"queue": "stream", "error": repr(error)[:300]})
            continue
        failed = {each["itemIdentifier"] for each in answer["batchItemFailures"]}
        first = min((numbers.index(number) for number in failed), default=len(batch))
        batch = batch[first:]


def _passes(record: Mapping[str, Any]) -> bool:
    """The event source's filter, as infra/outbound.py writes it."""
    sort_key = record["dynamodb"]["Keys"]["sk"]["S"]
    if sort_key.startswith("D#"):
        return True
    return record["eventName"] == "INSERT" and (sort_key == "S" or sort_key.startswith("E#"))


def _journey(post: WorkerContext) -> None:
    """One run of the state machine for each time the clock was moved."""
    tick = post.shared.tick.value
    if post.shared.ticked.value >= tick:
        return
    found = _task(post, {"task": "due"}, f"tick-{tick}")
    if found["pages"]:
        pages = post.site.wire.object_at(found["bucket"], found["manifest"])
        for page in json.loads(pages):
            _task(post, {"task": "act", **page}, f"tick-{tick}")
    post.shared.ticked.value = tick


def _task(post: WorkerContext, event: Mapping[str, Any], run: str) -> dict[str, Any]:
    """As the state machine retries it."""
    for _ in range(MOST_CALLS):
        try:
            answer: dict[str, Any] = journey.handler.handler(dict(event), FakeLambdaContext(run))
        except Exception as error:  # noqa: BLE001  as Step Functions: the task is tried again
            post.open_log("raised").append({"queue": "journey", "error": repr(error)[:300]})
        else:
            return answer
    raise RuntimeError("the journey's task failed however often it was tried")
