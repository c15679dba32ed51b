"""What a call logs of itself: one line and a few numbers, and never a word of a person.

So only names from code, counts, and our own ids of submissions are logged here: no ids given by
callers, no bodies, no messages of exceptions (pydantic's quote what they refuse).

Source: "Specification: Embedded metric format", CloudWatch user guide.
"""

import traceback
from collections.abc import Iterable, Mapping
from typing import Any

from aws_lambda_powertools import Logger

from leadloop.edge import clock

NAME = "leadloop"  # of the service and of its metrics' namespace
logger = Logger(service=NAME, location=None)


class _AcceptedIds:
    """Submissions that were accepted since the last line, as (source, id).

    A door accepts deep inside a call; the handler writes the line at its end. A process does one
    call at a time.
    """

    def __init__(self) -> None:
        self._pairs: list[tuple[str, str]] = []

    def add(self, source: str, ids: Iterable[str]) -> None:
        self._pairs += ((source, id_) for id_ in ids)

    def drain(self) -> tuple[tuple[str, str], ...]:
        """All of them; afterwards there are none."""
        pairs, self._pairs = tuple(self._pairs), []
        return pairs


_accepted_ids = _AcceptedIds()


def log_call(what: str, counts: Mapping[str, int]) -> None:
    """Log one line about this call; CloudWatch takes each of `counts` from it as a metric.

    It also names what was accepted since the last line. (Powertools' own Metrics would print a
    second line that says the same, at half again the time and bytes of every call.)
    """
    extra = {**counts, **_metrics(counts)} if counts else {}
    accepted = _accepted_ids.drain()
    logger.info(what, extra={**extra, "taken": accepted} if accepted else extra)


def record_accepted(source: str, *ids: str) -> None:
    """Let the line of this call say that we have accepted these submissions.

    Their ids are our own and name nobody. `upkeep` compares the line with what became of them.
    """
    _accepted_ids.add(source, ids)


def _metrics(names: Iterable[str]) -> dict[str, Any]:
    metric_spec = {
        "Namespace": NAME,
        "Dimensions": [["service"]],
        "Metrics": [{"Name": name, "Unit": "Count"} for name in names],
    }
    now = int(clock.now().timestamp() * 1000)
    return {"_aws": {"Timestamp": now, "CloudWatchMetrics": [metric_spec]}}


def log_answer(what: str, answer: dict[str, Any]) -> dict[str, Any]:
    """Log a call to a door with its HTTP status; returns `answer` as it is."""
    log_call(what, {f"Status{answer['statusCode']}": 1})
    return answer


def log_fault(what: str, error: BaseException) -> None:
    """Log an error of ours: its type and the last frames it came through, without its message."""
    logger.error(
        what,
        extra={"error": type(error).__qualname__, "at": list(_places(error))},
    )


def _places(error: BaseException) -> Iterable[str]:
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return (f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
