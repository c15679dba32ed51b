"""Records in batches: one bad record is tried again alone, its neighbours are not.

Both SQS and DynamoDB streams are answered by naming the records that failed (`itemIdentifier`:
an SQS message id, a stream sequence number).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, TypedDict, TypeVar

from leadloop.edge.problems import AttemptFailure, AttemptSuccess, attempt

LambdaEvent = dict[str, Any]  # what Lambda hands to a worker
T = TypeVar("T")
R = TypeVar("R")


class BatchItemFailure(TypedDict):
    """One record that is to come again."""

    itemIdentifier: str


class BatchResponse(TypedDict):
    """What Lambda's event source is told."""

    batchItemFailures: list[BatchItemFailure]


class QueueMessage(NamedTuple):
    """One SQS message: `attributes` are SQS's own (ApproximateReceiveCount, …)."""

    id: str
    body: str
    queue: str
    attributes: Mapping[str, str]


def messages(event: Mapping[str, Sequence[Mapping[str, object]]]) -> tuple[QueueMessage, ...]:
    """The messages of an SQS event, in the order they came; `queue` is the queue's name."""
    return tuple(
        QueueMessage(
            id=str(record["messageId"]),
            body=str(record["body"]),
            queue=str(record["eventSourceARN"]).rsplit(":", 1)[-1],
            attributes=record.get("attributes") or {},  # type: ignore[arg-type]
        )
        for record in event["Records"]
    )


def build_response(failed: Iterable[str]) -> BatchResponse:
    """Exactly `failed` come again."""
    return {"batchItemFailures": [{"itemIdentifier": id_} for id_ in sorted(set(failed))]}


def process_each(
    batch: Iterable[QueueMessage], what: str, work: Callable[[QueueMessage], object]
) -> BatchResponse:
    """`work` on every message by itself."""
    return build_response(
        message.id
        for message in batch
        if isinstance(attempt(what, partial(work, message)), AttemptFailure)
    )


def process_batch(
    batch: Sequence[QueueMessage],
    what: str,
    read: Callable[[QueueMessage], Sequence[T]],
    work: Callable[[Sequence[T]], Sequence[R]],
    failed: Callable[[R], bool],
) -> tuple[BatchResponse, tuple[R, ...]]:
    """Read every message, then `work` on all there is at once, in order.

    A message comes again when it cannot be read, or when any of its results `failed`.
    """
    owners: list[str] = []
    found: list[T] = []
    again: set[str] = set()
    for message in batch:
        match attempt(what, partial(read, message)):
            case AttemptSuccess(items):
                found += items
                owners += [message.id] * len(items)
            case AttemptFailure():
                again.add(message.id)
    results = tuple(work(found)) if found else ()
    again |= {owner for owner, result in zip(owners, results, strict=True) if failed(result)}
    return build_response(again), results
