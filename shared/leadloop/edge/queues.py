"""Queues and the lake, to which a process hands what must not be lost.

Source: SQS `SendMessageBatch` (10 messages, 1 MiB), Firehose `PutRecordBatch` (500 records, 4 MiB).
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pydantic import BaseModel

from leadloop.edge.signed_calls import SQS, SignedCalls

if TYPE_CHECKING:
    from types_boto3_firehose import FirehoseClient

SQS_MOST, SQS_BYTES = 10, 900_000  # messages and bytes of a batch
LAKE_MOST, LAKE_BYTES = 500, 3_900_000  # records and bytes of a batch


class Queue:
    """An SQS queue; a message is a model as JSON. It is safe once `put` has returned."""

    def __init__(self, calls: SignedCalls, url: str) -> None:
        self._calls, self._url = calls, url

    def put(self, message: BaseModel) -> None:
        """Send one message.

        Raises:
            ClientError, BotoCoreError: it was not accepted.

        """
        body = message.model_dump_json()
        self._calls.call(SQS, "SendMessage", {"QueueUrl": self._url, "MessageBody": body})

    def put_all(self, messages: Sequence[BaseModel]) -> frozenset[int]:
        """Send all messages; returns the positions of those that were not accepted."""
        bodies = [message.model_dump_json() for message in messages]
        rejected: set[int] = set()
        for part in _parts([len(body) for body in bodies], SQS_MOST, SQS_BYTES):
            entries = [{"Id": str(position), "MessageBody": bodies[position]} for position in part]
            answer = self._calls.call(
                SQS, "SendMessageBatch", {"QueueUrl": self._url, "Entries": entries}
            )
            rejected |= {int(entry["Id"]) for entry in answer.get("Failed", ())}
        return frozenset(rejected)


class Lake:
    """The Firehose stream to the lake: one JSON line per event."""

    def __init__(self, client: "FirehoseClient", stream: str) -> None:
        self._client, self._stream = client, stream

    def put_all(self, lines: Sequence[BaseModel]) -> frozenset[int]:
        """Send all lines; returns the positions of those that were not accepted."""
        data = [line.model_dump_json(exclude_none=True).encode() + b"\n" for line in lines]
        rejected: set[int] = set()
        for part in _parts([len(line) for line in data], LAKE_MOST, LAKE_BYTES):
            answer = self._client.put_record_batch(
                DeliveryStreamName=self._stream,
                Records=[{"Data": data[position]} for position in part],
            )
            rejected |= {
                position
                for position, result in zip(part, answer["RequestResponses"], strict=True)
                if "ErrorCode" in result
            }
        return frozenset(rejected)


def _parts(sizes: Sequence[int], most: int, most_bytes: int) -> Iterator[list[int]]:
    """Positions in order, in parts of at most `most` items and `most_bytes` bytes.

    One item alone may be larger.
    """
    part: list[int] = []
    part_bytes = 0
    for position, size in enumerate(sizes):
        if part and (len(part) == most or part_bytes + size > most_bytes):
            yield part
            part, part_bytes = [], 0
        part.append(position)
        part_bytes += size
    if part:
        yield part
