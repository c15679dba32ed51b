"""Checks every hour whether each source is well; a new finding raises an alarm that names it."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from leadloop.edge import alarm, clock
from leadloop.edge.live_playbook import playbook
from leadloop.edge.reports import reconciliation, source_health, vendor_statements
from leadloop.edge.reports.reconciliation import HOUR
from leadloop.edge.reports.source_health import HealthReport, SourceReport
from leadloop.edge.telemetry import log_call
from leadloop.insight.health import (
    WINDOWS,
    Finding,
    HourCounts,
    compare_vendor_count,
    expected_count,
    health_findings,
)
from leadloop.insight.policy import SourceHealth
from leadloop.insight.reconciliation import ReconciliationRow
from leadloop.model.errors import NotFound
from upkeep import offers

SETTLE_TIME = timedelta(hours=1)  # the reconciliation of an hour is complete by then
HourlyRows = dict[str, dict[datetime, ReconciliationRow]]


def check_sources() -> HealthReport:
    """Make and store the report of this hour, and raise an alarm for findings that are new."""
    now = clock.now()
    until = reconciliation.hour_of(now - SETTLE_TIME)
    watched, rows = _read_reconciliations(until)
    report = HealthReport(
        at=now,
        sources=tuple(
            _source_report(each, [_hour_counts(rows[each.id], hour) for hour in watched], now)
            for each in playbook().playbook.health.values()
        ),
        others=(*_statement_findings(), *offers.low_offer_findings()),
    )
    _report_news(report, _last_findings())
    source_health.put(report)
    return report


def _read_reconciliations(until: datetime) -> tuple[list[datetime], HourlyRows]:
    """The hours since the first reconciliation there is, and their rows by source and hour."""
    rows: HourlyRows = defaultdict(dict)
    watched: list[datetime] = []
    for hours_back in range(max(WINDOWS), 0, -1):
        hour = until - hours_back * HOUR
        try:
            account = reconciliation.get(reconciliation.report_name(hour))
        except NotFound:  # nothing came in that hour, or it is before the first deployment
            if watched:
                watched.append(hour)
            continue
        watched.append(hour)
        for row in account.rows:
            rows[row.source][hour] = row
    return watched, rows


def _hour_counts(rows: dict[datetime, ReconciliationRow], hour: datetime) -> HourCounts:
    row = rows.get(hour)
    return HourCounts(hour, row.received, row.lead + row.merged) if row else HourCounts(hour, 0, 0)


def _source_report(policy: SourceHealth, hours: list[HourCounts], now: datetime) -> SourceReport:
    day = hours[-24:]
    return SourceReport(
        source=policy.id,
        received=sum(each.received for each in day),
        accepted=sum(each.accepted for each in day),
        expected=round(sum(expected_count(policy, each.hour) for each in day), 1),
        findings=health_findings(policy, hours, now),
    )


def _statement_findings() -> Iterator[Finding]:
    """Statements of vendors whose counts differ from ours by now."""
    for claimed in (each.claimed for each in vendor_statements.read_statements()):
        finding = compare_vendor_count(
            claimed.source,
            claimed.since,
            claimed.until,
            theirs=claimed.count,
            ours=vendor_statements.count_received_leads(claimed),
        )
        if finding is not None:
            yield finding


def _last_findings() -> frozenset[tuple[str, str]]:
    try:
        return frozenset(map(_finding_key, source_health.get().findings))
    except NotFound:
        return frozenset()


def _report_news(report: HealthReport, before: frozenset[tuple[str, str]]) -> None:
    news = [each for each in report.findings if _finding_key(each) not in before]
    log_call("Looked at the sources", {"SourcesUnwell": len({f.source for f in report.findings})})
    if news:
        lines = "\n".join(f"{each.source}: {each.text}" for each in news)
        names = ", ".join(dict.fromkeys(each.source for each in news))
        alarm.notify_operators(
            f"Not well: {names}", f"{lines}\nAll sources: GET /admin/v1/reports/sources"
        )


def _finding_key(finding: Finding) -> tuple[str, str]:
    """What makes a finding new. Other figures do not, unless a vendor's count has changed."""
    return finding.source, finding.text if finding.what == "count" else finding.what
