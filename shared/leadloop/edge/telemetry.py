"""What we tell of ourselves: one line and a few numbers per call, and never a word of a person.

So only names from code and counts are logged here: no ids given by callers, no bodies, no
messages of exceptions (pydantic's quote what they refuse).
"""

import traceback
from collections.abc import Iterable, Mapping
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

logger = Logger(service="leadloop")
metrics = Metrics(namespace="leadloop", service="leadloop")


def tell(what: str, counts: Mapping[str, int]) -> None:
    """One log line about this call, each count a metric as well."""
    for name, count in counts.items():
        metrics.add_metric(name=name, unit=MetricUnit.Count, value=count)
    logger.info(what, extra={"counts": dict(counts)})
    if counts:
        metrics.flush_metrics()


def answered(what: str, answer: dict[str, Any]) -> dict[str, Any]:
    """`answer` as it is, and its status told."""
    tell(what, {f"Status{answer['statusCode']}": 1})
    return answer


def fault(what: str, error: BaseException) -> None:
    """Our own fault: its type and where it came from, without its message."""
    logger.error(
        what,
        extra={"error": type(error).__qualname__, "at": list(_places(error))},
    )


def _places(error: BaseException) -> Iterable[str]:
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return (f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
