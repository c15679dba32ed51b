"""Reports: what is counted of all that is stored."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from admin.roles import Right
from admin.routes import Routes
from leadloop.edge import accounts, health
from leadloop.edge.accounts import Account
from leadloop.edge.health import Report

REPORTS = "/admin/v1/reports"
HOUR = r"^\d{4}-\d{2}-\d{2}T\d{2}$"

routes = Routes()


@routes.get(
    f"{REPORTS}/reconciliation",
    summary="What was received against what became of it, by source and hour, and who is missing",
)
def get_reconciliation(
    hour: Annotated[
        str | None, Query(pattern=HOUR, description="2026-11-22T09; the latest account if none")
    ] = None,
) -> Account:
    routes.permit(Right.MEND)
    return accounts.get(hour or accounts.LATEST)


@routes.get(
    f"{REPORTS}/sources",
    summary="Of each source what came in a day against what usually comes, and what is wrong",
)
def get_sources() -> Report:
    routes.permit(Right.MEND)
    return health.get()
