"""What we tell of ourselves: one line and a few numbers per call, and never a word of a person.

So only names from code, counts, and our own ids of submissions are logged here: no ids given by
callers, no bodies, no messages of exceptions (pydantic's quote what they refuse).
"""

import traceback
from collections.abc import Iterable, Mapping
from typing import Any

from aws_lambda_powertools import Logger

from leadloop.edge import clock

NAME = "leadloop"  # of the service and of its metrics' namespace
logger = Logger(service=NAME, location=None)
_accepted: list[tuple[str, str]] = []


def log_call(what: str, counts: Mapping[str, int]) -> None:
    """One log line about this call, from which CloudWatch takes each count as a metric as well.

    (Its embedded metric format: Powertools' own Metrics would print a second line that says the
    same, at half again the time and bytes of every call.)
    """
    extra = {**counts, **_metrics(counts)} if counts else {}
    logger.info(what, extra={**extra, "taken": tuple(_accepted)} if _accepted else extra)
    _accepted.clear()


def record_accepted(source: str, *ids: str) -> None:
    """The line of this call says that these submissions are ours to bring to an end.

    Their ids are our own and name nobody; `upkeep` holds the line against what became of them.
    """
    _accepted.extend((source, id_) for id_ in ids)


def _metrics(names: Iterable[str]) -> dict[str, Any]:
    told = {
        "Namespace": NAME,
        "Dimensions": [["service"]],
        "Metrics": [{"Name": name, "Unit": "Count"} for name in names],
    }
    now = int(clock.now().timestamp() * 1000)
    return {"_aws": {"Timestamp": now, "CloudWatchMetrics": [told]}}


def log_answer(what: str, answer: dict[str, Any]) -> dict[str, Any]:
    """`answer` as it is, and its status told."""
    log_call(what, {f"Status{answer['statusCode']}": 1})
    return answer


def log_fault(what: str, error: BaseException) -> None:
    """Our own fault: its type and where it came from, without its message."""
    logger.error(
        what,
        extra={"error": type(error).__qualname__, "at": list(_places(error))},
    )


def _places(error: BaseException) -> Iterable[str]:
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return (f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
