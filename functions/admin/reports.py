"""Reports: counts of the submissions by source and hour."""

from datetime import timedelta
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from admin.roles import Right
from admin.routes import Routes, describe_request
from leadloop.edge import clock
from leadloop.edge.live_playbook import playbook
from leadloop.edge.reports import reconciliation, source_health, vendor_statements
from leadloop.edge.reports.reconciliation import Reconciliation
from leadloop.edge.reports.source_health import HealthReport
from leadloop.edge.reports.vendor_statements import Statement, VendorCount
from leadloop.model.base import Model, Reason
from leadloop.model.errors import FieldsInvalid

REPORTS = "/admin/v1/reports"
LONGEST_PERIOD = timedelta(days=31)
HOUR_PATTERN = r"^\d{4}-\d{2}-\d{2}T\d{2}$"

routes = Routes()


@routes.get(
    f"{REPORTS}/reconciliation",
    summary="What was received against what became of it, by source and hour, and who is missing; "
    "made once an hour, of hours that have been over for one",
)
def get_reconciliation(
    hour: Annotated[
        str | None,
        Query(pattern=HOUR_PATTERN, description="2026-11-22T09; the latest account if none"),
    ] = None,
) -> Reconciliation:
    routes.permit(Right.MEND)
    return reconciliation.get(hour or reconciliation.LATEST)


class CountComparison(Model):
    """The vendor's count beside ours, by now; where they differ the next hourly look tells it."""

    claimed: VendorCount
    ours: int
    difference: int


@routes.post(
    f"{REPORTS}/statements",
    summary="A vendor's own count of whole hours beside ours; an alarm tells where they differ",
    openapi_extensions=describe_request(VendorCount),
    operation_id="state_admin_v1_reports_statements_post",
)
def post_statement() -> CountComparison:
    actor = routes.actor_for(Right.MEND)
    vendor_count = routes.body(VendorCount)
    _check(vendor_count)
    vendor_statements.put(Statement(claimed=vendor_count, by=actor, at=clock.now()))
    ours = vendor_statements.count_received_leads(vendor_count)
    return CountComparison(claimed=vendor_count, ours=ours, difference=vendor_count.count - ours)


def _check(vendor_count: VendorCount) -> None:
    """Raise FieldsInvalid for an unknown source, or a period that is not over."""
    faults = []
    if vendor_count.source not in playbook().playbook.sources:
        faults.append(_fault("source", f"the playbook lists no “{vendor_count.source}”"))
    for name, at in (("since", vendor_count.since), ("until", vendor_count.until)):
        if at != reconciliation.hour_of(at):
            faults.append(_fault(name, "is the beginning of an hour"))
    if not vendor_count.since < vendor_count.until <= clock.now():
        faults.append(_fault("until", "is after `since`, and not ahead"))
    if vendor_count.until - vendor_count.since > LONGEST_PERIOD:
        faults.append(_fault("until", f"is at most {LONGEST_PERIOD.days} days after `since`"))
    if faults:
        raise FieldsInvalid(tuple(faults))


def _fault(name: str, text: str) -> Reason:
    return Reason(code=name, text=f"{name}: {text}")


@routes.get(
    f"{REPORTS}/sources",
    summary="Of each source what came in a day against what usually comes, and what is wrong; "
    "made once an hour",
)
def get_sources() -> HealthReport:
    routes.permit(Right.MEND)
    return source_health.get()
