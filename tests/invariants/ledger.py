"""What was sent and what was answered: one line an attempt, appended, never changed."""

import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.invariants.inquiries import Attempt


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """`status` None: no answer ever came. `said` is the answer's body."""

    ref: int
    channel: str
    key: str | None
    sha256: str
    person_truth_id: str | None
    canary: str
    kind: str
    derived_id: str | None
    t_sent: float
    status: int | None
    id_returned: str | None
    said: str | None

    @property
    def is_accepted(self) -> bool:
        """Accepted: from here on it is ours to lose."""
        return self.status is not None and 200 <= self.status < 300


def build_line(attempt: Attempt, status: int | None, said: str | None) -> LedgerLine:
    """The line of one attempt that was just made."""
    answer: dict[str, Any] = json.loads(said) if said else {}
    return LedgerLine(
        ref=attempt.ref,
        channel=attempt.door,
        key=attempt.key,
        sha256=attempt.sha256,
        person_truth_id=attempt.person,
        canary=attempt.canary,
        kind=attempt.kind,
        derived_id=attempt.derived_id,
        t_sent=time.time(),
        status=status,
        id_returned=answer.get("submission_id"),
        said=said,
    )


class JsonLinesFile:
    """A file of JSON lines that several processes append to; a line is whole or is not there."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, entry: object) -> None:
        text = json.dumps(entry, ensure_ascii=False) + "\n"
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, text.encode())
        finally:
            os.close(file)

    def entries(self) -> Iterator[dict[str, Any]]:
        if self.path.exists():
            with self.path.open() as lines:
                yield from map(json.loads, lines)


class Ledger(JsonLinesFile):
    def write(self, entry: LedgerLine) -> None:
        self.append(asdict(entry))

    def lines(self) -> list[LedgerLine]:
        return [LedgerLine(**entry) for entry in self.entries()]
