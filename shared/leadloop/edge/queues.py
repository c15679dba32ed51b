"""Queues and the lake: where a process hands on what it must not lose."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pydantic import BaseModel

if TYPE_CHECKING:
    from types_boto3_firehose import FirehoseClient
    from types_boto3_sqs import SQSClient
    from types_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

SQS_MOST, SQS_BYTES = 10, 900_000  # a batch holds ten messages and 1 MiB
LAKE_MOST, LAKE_BYTES = 500, 3_900_000  # and Firehose 500 records and 4 MiB


class Queue:
    """One SQS queue; a message is a model's JSON. It is safe once `put` has returned."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client, self._url = client, url

    def put(self, message: BaseModel) -> None:
        """Send one message; whatever AWS raises goes up, since then nothing is accepted."""
        self._client.send_message(QueueUrl=self._url, MessageBody=message.model_dump_json())

    def put_all(self, messages: Sequence[BaseModel]) -> frozenset[int]:
        """Send all; answers the positions of those that were not taken."""
        bodies = [message.model_dump_json() for message in messages]
        lost: set[int] = set()
        for part in _parts([len(body) for body in bodies], SQS_MOST, SQS_BYTES):
            entries: list[SendMessageBatchRequestEntryTypeDef] = [
                {"Id": str(position), "MessageBody": bodies[position]} for position in part
            ]
            answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
            lost |= {int(entry["Id"]) for entry in answer.get("Failed", ())}
        return frozenset(lost)


class Lake:
    """The Firehose stream that ends in the lake: one JSON line per event."""

    def __init__(self, client: "FirehoseClient", stream: str) -> None:
        self._client, self._stream = client, stream

    def put_all(self, lines: Sequence[BaseModel]) -> frozenset[int]:
        """Hand over all; answers the positions of those that were not taken."""
        data = [line.model_dump_json(exclude_none=True).encode() + b"\n" for line in lines]
        lost: set[int] = set()
        for part in _parts([len(line) for line in data], LAKE_MOST, LAKE_BYTES):
            answer = self._client.put_record_batch(
                DeliveryStreamName=self._stream,
                Records=[{"Data": data[position]} for position in part],
            )
            lost |= {
                position
                for position, result in zip(part, answer["RequestResponses"], strict=True)
                if "ErrorCode" in result
            }
        return frozenset(lost)


def _parts(sizes: Sequence[int], most: int, most_bytes: int) -> Iterator[list[int]]:
    """Positions in order, in parts of at most `most` and `most_bytes` (one alone may be more)."""
    part: list[int] = []
    filled = 0
    for position, size in enumerate(sizes):
        if part and (len(part) == most or filled + size > most_bytes):
            yield part
            part, filled = [], 0
        part.append(position)
        filled += size
    if part:
        yield part
