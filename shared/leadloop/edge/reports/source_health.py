"""The report on the sources in S3: the latest one, of every source that the playbook watches."""

from datetime import datetime

from botocore.exceptions import ClientError

from leadloop.edge.wiring import get_wiring
from leadloop.insight.health import Finding
from leadloop.model.base import Model
from leadloop.model.errors import NotYet
from leadloop.settings import ReplaySettings

KEY = "reports/sources/latest.json"


class SourceReport(Model):
    """Of the last 24 hours that were watched; `expected` is what usually comes in them."""

    source: str
    received: int
    accepted: int
    expected: float
    findings: tuple[Finding, ...]


class HealthReport(Model):
    """As of `at`; `others` are findings of whatever source, watched by the hour or not."""

    at: datetime
    sources: tuple[SourceReport, ...]
    others: tuple[Finding, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Whatever is not well, anywhere."""
        by_hour = (finding for source in self.sources for finding in source.findings)
        return (*by_hour, *self.others)


def put(report: HealthReport) -> None:
    """Keep it in the place of the one before."""
    get_wiring().s3.put_object(
        Bucket=get_wiring().settings(ReplaySettings).PAGES_BUCKET,
        Key=KEY,
        Body=report.model_dump_json().encode(),
        ContentType="application/json",
    )


def get() -> HealthReport:
    """Raises: NotYet: nobody has looked."""
    try:
        found = get_wiring().s3.get_object(
            Bucket=get_wiring().settings(ReplaySettings).PAGES_BUCKET, Key=KEY
        )
    except ClientError as error:
        if error.response["Error"]["Code"] in {"NoSuchKey", "404"}:
            raise NotYet("there is no report on the sources yet: one is made every hour") from error
        raise
    return HealthReport.model_validate_json(found["Body"].read())
