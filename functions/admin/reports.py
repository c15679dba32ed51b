"""Reports: what is counted of all that is stored."""

from datetime import timedelta
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from admin.roles import Right
from admin.routes import Routes, takes
from leadloop.edge import clock
from leadloop.edge.live_playbook import playbook
from leadloop.edge.reports import reconciliation, source_health, vendor_statements
from leadloop.edge.reports.reconciliation import Account
from leadloop.edge.reports.source_health import Report
from leadloop.edge.reports.vendor_statements import Claimed, Statement
from leadloop.model.base import Model, Reason
from leadloop.model.errors import FieldsInvalid

REPORTS = "/admin/v1/reports"
LONGEST = timedelta(days=31)
HOUR = r"^\d{4}-\d{2}-\d{2}T\d{2}$"

routes = Routes()


@routes.get(
    f"{REPORTS}/reconciliation",
    summary="What was received against what became of it, by source and hour, and who is missing; "
    "made once an hour, of hours that have been over for one",
)
def get_reconciliation(
    hour: Annotated[
        str | None, Query(pattern=HOUR, description="2026-11-22T09; the latest account if none")
    ] = None,
) -> Account:
    routes.permit(Right.MEND)
    return reconciliation.get(hour or reconciliation.LATEST)


class Compared(Model):
    """The vendor's count beside ours, by now; where they differ the next hourly look tells it."""

    claimed: Claimed
    ours: int
    difference: int


@routes.post(
    f"{REPORTS}/statements",
    summary="A vendor's own count of whole hours beside ours; an alarm tells where they differ",
    openapi_extensions=takes(Claimed),
)
def state() -> Compared:
    actor = routes.acting(Right.MEND)
    claimed = routes.body(Claimed)
    _check(claimed)
    vendor_statements.put(Statement(claimed=claimed, by=actor, at=clock.now()))
    ours = vendor_statements.ours(claimed)
    return Compared(claimed=claimed, ours=ours, difference=claimed.count - ours)


def _check(claimed: Claimed) -> None:
    """Raises: FieldsInvalid: no source of ours, or no period that is over."""
    faults = []
    if claimed.source not in playbook().playbook.sources:
        faults.append(_fault("source", f"the playbook lists no “{claimed.source}”"))
    for name, at in (("since", claimed.since), ("until", claimed.until)):
        if at != reconciliation.hour_of(at):
            faults.append(_fault(name, "is the beginning of an hour"))
    if not claimed.since < claimed.until <= clock.now():
        faults.append(_fault("until", "is after `since`, and not ahead"))
    if claimed.until - claimed.since > LONGEST:
        faults.append(_fault("until", f"is at most {LONGEST.days} days after `since`"))
    if faults:
        raise FieldsInvalid(tuple(faults))


def _fault(name: str, what: str) -> Reason:
    return Reason(code=name, text=f"{name}: {what}")


@routes.get(
    f"{REPORTS}/sources",
    summary="Of each source what came in a day against what usually comes, and what is wrong; "
    "made once an hour",
)
def get_sources() -> Report:
    routes.permit(Right.MEND)
    return source_health.get()
