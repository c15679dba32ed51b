"""The report on the sources in S3: the latest one, of every source that the playbook watches."""

from datetime import datetime

from leadloop.edge.wiring import get_wiring
from leadloop.insight.health import Finding
from leadloop.model.base import Model
from leadloop.model.errors import NotYet

KEY = "reports/sources/latest.json"


class SourceReport(Model):
    """Of the last 24 hours that were watched; `expected` is what usually comes in them."""

    source: str
    received: int
    accepted: int
    expected: float
    findings: tuple[Finding, ...]


class HealthReport(Model):
    """As of `at`; `others` are findings of any source, whether it is watched by the hour or not."""

    at: datetime
    sources: tuple[SourceReport, ...]
    others: tuple[Finding, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that is not well, of all sources."""
        by_hour = (finding for source in self.sources for finding in source.findings)
        return (*by_hour, *self.others)


def put(report: HealthReport) -> None:
    """Store it in place of the one before."""
    get_wiring().pages.put(KEY, report.model_dump_json().encode())


def get() -> HealthReport:
    """The latest report.

    Raises:
        NotYet: no report was made yet.

    """
    document = get_wiring().pages.get(KEY)
    if document is None:
        raise NotYet("there is no report on the sources yet: one is made every hour")
    return HealthReport.model_validate_json(document)
