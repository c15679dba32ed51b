"""Batches of records: a bad record is tried again alone, without its neighbours.

A worker answers SQS and DynamoDB streams with the records that failed (`itemIdentifier`: the id of
an SQS message, the sequence number of a stream record).

Source: Lambda developer guide, "Partial batch responses".
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, TypedDict, TypeVar

from leadloop.edge.problems import AttemptFailure, AttemptSuccess, attempt

LambdaEvent = dict[str, Any]  # the event of a worker
T = TypeVar("T")
R = TypeVar("R")


class BatchItemFailure(TypedDict):
    """A record that is to come again."""

    itemIdentifier: str


class BatchResponse(TypedDict):
    """The answer to Lambda's event source."""

    batchItemFailures: list[BatchItemFailure]


class QueueMessage(NamedTuple):
    """An SQS message; `queue` is the queue's name.

    `attributes` are SQS's own (ApproximateReceiveCount, …).
    """

    id: str
    body: str
    queue: str
    attributes: Mapping[str, str]


def messages(event: Mapping[str, Sequence[Mapping[str, object]]]) -> tuple[QueueMessage, ...]:
    """The messages of an SQS event, in their order."""
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
    """The answer by which exactly the records `failed` come again."""
    return {"batchItemFailures": [{"itemIdentifier": id_} for id_ in sorted(set(failed))]}


def process_each(
    batch: Iterable[QueueMessage], what: str, work: Callable[[QueueMessage], object]
) -> BatchResponse:
    """Call `work` for every message by itself; returns which failed. `what` names it in the log."""
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
    is_failed: Callable[[R], bool],
) -> tuple[BatchResponse, tuple[R, ...]]:
    """Call `read` for every message, then `work` once for all that was read, in order.

    Returns the answer and the results. A message comes again if it cannot be read, or if one of its
    results `is_failed`.
    """
    owners: list[str] = []
    items: list[T] = []
    failed_ids: set[str] = set()
    for message in batch:
        match attempt(what, partial(read, message)):
            case AttemptSuccess(of_message):
                items += of_message
                owners += [message.id] * len(of_message)
            case AttemptFailure():
                failed_ids.add(message.id)
    results = tuple(work(items)) if items else ()
    failed_ids |= {
        owner for owner, result in zip(owners, results, strict=True) if is_failed(result)
    }
    return build_response(failed_ids), results
