"""What the hourly account says, for those who may."""

from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine

from leadloop.edge.reports import reconciliation
from leadloop.edge.reports.reconciliation import Reconciliation
from leadloop.insight.reconciliation import ReconciliationRow
from leadloop.model.base import Reason
from tests.functions.admin.desk import Desk, json_body

REPORT = "/admin/v1/reports/reconciliation"
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
ROW = ReconciliationRow(
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
    none = desk.get(REPORT)
    assert (none["statusCode"], "once an hour" in json_body(none)["detail"]) == (404, True)
    account = Reconciliation(since=NINE, until=NINE, rows=(ROW,))
    reconciliation.put(reconciliation.LATEST, account)
    reconciliation.put(reconciliation.report_name(NINE), account.but(rows=()))
    assert json_body(desk.get(REPORT))["rows"][0]["missing"] == ["A" * 26]
    assert json_body(desk.get(REPORT, query={"hour": "2026-03-02T09"}))["rows"] == []
    assert desk.get(REPORT, query={"hour": "2026-03-02T10"})["statusCode"] == 404
    assert desk.get(REPORT, query={"hour": "../latest"})["statusCode"] == 422
    assert desk.get(REPORT, who="ida")["statusCode"] == 403


STATEMENTS = "/admin/v1/reports/statements"
DAY = {"since": "2026-03-02T00:00:00Z", "until": "2026-03-03T00:00:00Z", "count": 4}


def test_a_vendors_own_count_stands_beside_ours(desk: Desk) -> None:
    with time_machine.travel(NINE, tick=False):
        held = desk.create_quarantined(b"held")
        desk.post(f"/admin/v1/quarantine/{held}/fix", {"fields": {"contact.email": "c@d.example"}})
        test = (Reason(code="test", text="a test"),)
        others: tuple[dict[str, Any], ...] = ({}, {}, {"refused": test}, {"source": "haus"})
        for n, more in enumerate(others):
            desk.submit(f"a{n}@b.example", **{"source": "portal", **more})
    with time_machine.travel(NINE + timedelta(days=1), tick=False):
        desk.submit("z@b.example", source="portal")
        desk.home.run_tally()
        compared = json_body(desk.post(STATEMENTS, {"source": "portal", **DAY}))
    assert (compared["ours"], compared["difference"]) == (3, 1)


def test_a_claim_of_what_cannot_be_is_refused_with_all_there_is_to_mend(desk: Desk) -> None:
    answer = desk.post(
        STATEMENTS, {**DAY, "source": "nowhere", "until": "2026-03-01T00:30:00Z", "count": 1}
    )
    assert answer["statusCode"] == 422
    assert {each["code"] for each in json_body(answer)["errors"]} == {"source", "until"}
    for wrong in ({"count": -1}, {"since": "yesterday"}, {"until": "2999-01-01T00:00:00Z"}):
        claim = {"source": "portal", **DAY, **wrong}
        assert desk.post(STATEMENTS, claim)["statusCode"] == 422
    assert desk.post(STATEMENTS, {"source": "portal", **DAY}, who="ida")["statusCode"] == 403
