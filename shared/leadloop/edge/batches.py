"""Records in batches: one bad record is tried again alone, its neighbours are not.

Both SQS and DynamoDB streams are answered by naming the records that failed (`itemIdentifier`:
an SQS message id, a stream sequence number).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypedDict, TypeVar

from leadloop.edge.problems import Done, Fault, attempt

Event = dict[str, Any]  # what Lambda hands to a worker
T = TypeVar("T")
R = TypeVar("R")


class Failed(TypedDict):
    """One record that is to come again."""

    itemIdentifier: str


class Answer(TypedDict):
    """What Lambda's event source is told."""

    batchItemFailures: list[Failed]


class Message(NamedTuple):
    """One SQS message: `attributes` are SQS's own (ApproximateReceiveCount, …)."""

    id: str
    body: str
    queue: str
    attributes: Mapping[str, str]


def messages(event: Mapping[str, Sequence[Mapping[str, object]]]) -> tuple[Message, ...]:
    """The messages of an SQS event, in the order they came; `queue` is the queue's name."""
    return tuple(
        Message(
            id=str(record["messageId"]),
            body=str(record["body"]),
            queue=str(record["eventSourceARN"]).rsplit(":", 1)[-1],
            attributes=record.get("attributes") or {},  # type: ignore[arg-type]
        )
        for record in event["Records"]
    )


def answer(failed: Iterable[str]) -> Answer:
    """Exactly `failed` come again."""
    return {"batchItemFailures": [{"itemIdentifier": id_} for id_ in sorted(set(failed))]}


def each(batch: Iterable[Message], what: str, work: Callable[[Message], object]) -> Answer:
    """`work` on every message by itself."""
    return answer(
        message.id
        for message in batch
        if isinstance(attempt(what, lambda message=message: work(message)), Fault)  # type: ignore[misc]
    )


def fold(
    batch: Sequence[Message],
    what: str,
    read: Callable[[Message], Sequence[T]],
    work: Callable[[Sequence[T]], Sequence[R]],
    failed: Callable[[R], bool],
) -> tuple[Answer, tuple[R, ...]]:
    """Read every message, then `work` on all there is at once, in order.

    A message comes again when it cannot be read, or when any of its results `failed`.
    """
    owners: list[str] = []
    found: list[T] = []
    again: set[str] = set()
    for message in batch:
        match attempt(what, lambda message=message: read(message)):  # type: ignore[misc]
            case Done(items):
                found += items
                owners += [message.id] * len(items)
            case Fault():
                again.add(message.id)
    results = tuple(work(found)) if found else ()
    again |= {owner for owner, result in zip(owners, results, strict=True) if failed(result)}
    return answer(again), results
