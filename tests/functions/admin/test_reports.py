"""What the hourly account says, for those who may."""

from datetime import UTC, datetime

from leadloop.edge import accounts
from leadloop.edge.accounts import Account
from leadloop.insight.reconciliation import Row
from tests.functions.admin.desk import Desk, said

REPORT = "/admin/v1/reports/reconciliation"
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
ROW = Row(
    hour=NINE,
    source="portal",
    received=3,
    lead=1,
    merged=0,
    quarantined=1,
    rejected=0,
    successors=1,
    missing=("A" * 26,),
)


def test_the_latest_account_and_that_of_an_hour_are_told(desk: Desk) -> None:
    assert desk.get(REPORT)["statusCode"] == 404
    account = Account(since=NINE, until=NINE, rows=(ROW,))
    accounts.put(accounts.LATEST, account)
    accounts.put(accounts.name_of(NINE), account.but(rows=()))
    assert said(desk.get(REPORT))["rows"][0]["missing"] == ["A" * 26]
    assert said(desk.get(REPORT, query={"hour": "2026-03-02T09"}))["rows"] == []
    assert desk.get(REPORT, query={"hour": "2026-03-02T10"})["statusCode"] == 404
    assert desk.get(REPORT, query={"hour": "../latest"})["statusCode"] == 422
    assert desk.get(REPORT, who="ida")["statusCode"] == 403
