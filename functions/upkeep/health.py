"""Every hour: is each source well? What is not raises one alarm, which names the source."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from leadloop.edge import alarm, clock
from leadloop.edge.live_playbook import playbook
from leadloop.edge.reports import reconciliation, source_health, vendor_statements
from leadloop.edge.reports.reconciliation import HOUR
from leadloop.edge.reports.source_health import Report, SourceReport
from leadloop.edge.telemetry import tell
from leadloop.insight.health import WINDOWS, Finding, Seen, differing, expected, findings
from leadloop.insight.policy import SourceHealth
from leadloop.insight.reconciliation import Row
from leadloop.model.errors import NotFound
from upkeep import offers

SETTLED = timedelta(hours=1)  # an hour's account is whole by then
Rows = dict[str, dict[datetime, Row]]


def look() -> Report:
    """The report of this hour, kept; what was not in the last one is told."""
    now = clock.now()
    until = reconciliation.hour_of(now - SETTLED)
    watched, rows = _accounts(until)
    report = Report(
        at=now,
        sources=tuple(
            _source(each, [_seen(rows[each.id], hour) for hour in watched], now)
            for each in playbook().playbook.health.values()
        ),
        others=(*_stated(), *offers.running_out()),
    )
    _tell(report, _before())
    source_health.put(report)
    return report


def _accounts(until: datetime) -> tuple[list[datetime], Rows]:
    """The hours since the first one we have an account of, and what came of each source."""
    rows: Rows = defaultdict(dict)
    watched: list[datetime] = []
    for back in range(max(WINDOWS), 0, -1):
        hour = until - back * HOUR
        try:
            account = reconciliation.get(reconciliation.name_of(hour))
        except NotFound:  # nothing came at all, or we were not there yet
            if watched:
                watched.append(hour)
            continue
        watched.append(hour)
        for row in account.rows:
            rows[row.source][hour] = row
    return watched, rows


def _seen(rows: dict[datetime, Row], hour: datetime) -> Seen:
    row = rows.get(hour)
    return Seen(hour, row.received, row.lead + row.merged) if row else Seen(hour, 0, 0)


def _source(policy: SourceHealth, seen: list[Seen], now: datetime) -> SourceReport:
    day = seen[-24:]
    return SourceReport(
        source=policy.id,
        received=sum(each.received for each in day),
        accepted=sum(each.accepted for each in day),
        expected=round(sum(expected(policy, each.hour) for each in day), 1),
        findings=findings(policy, seen, now),
    )


def _stated() -> Iterator[Finding]:
    """What vendors have told by hand, as long as it differs from what is here by now."""
    for claimed in (each.claimed for each in vendor_statements.kept()):
        found = differing(
            claimed.source,
            claimed.since,
            claimed.until,
            theirs=claimed.count,
            ours=vendor_statements.ours(claimed),
        )
        if found is not None:
            yield found


def _before() -> frozenset[tuple[str, str]]:
    try:
        return frozenset(map(_named, source_health.get().findings))
    except NotFound:
        return frozenset()


def _tell(report: Report, before: frozenset[tuple[str, str]]) -> None:
    news = [each for each in report.findings if _named(each) not in before]
    tell("Looked at the sources", {"SourcesUnwell": len({f.source for f in report.findings})})
    if news:
        lines = "\n".join(f"{each.source}: {each.text}" for each in news)
        names = ", ".join(dict.fromkeys(each.source for each in news))
        alarm.ring(f"Not well: {names}", f"{lines}\nAll sources: GET /admin/v1/reports/sources")


def _named(finding: Finding) -> tuple[str, str]:
    """What is told once though its figures change; of a vendor's count each other one is news."""
    return finding.source, finding.text if finding.what == "count" else finding.what
