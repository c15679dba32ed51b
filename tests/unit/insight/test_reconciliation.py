from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from leadloop.insight.reconciliation import (
    Receipt,
    RecordedOutcome,
    count_missing,
    reconcile_submissions,
)
from leadloop.model.lead import SubmissionOutcome

HOUR = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOURS = st.sampled_from([HOUR + n * timedelta(hours=1) for n in range(3)])
SOURCES = st.sampled_from(["form", "portal"])
IDS = st.sampled_from([*"abcdef", "a.2", "b.2"])
TAKEN = st.dictionaries(st.sampled_from("abcdef"), st.builds(Receipt, HOURS, SOURCES))
ENDED = st.dictionaries(
    IDS, st.builds(RecordedOutcome, HOURS, SOURCES, st.sampled_from(SubmissionOutcome))
)


@given(TAKEN, ENDED)
def test_received_is_the_sum_of_the_outcomes_and_of_who_is_missing(
    taken: dict[str, Receipt], ended: dict[str, RecordedOutcome]
) -> None:
    found = reconcile_submissions(taken, ended)
    for row in found:
        outcomes = row.lead + row.merged + row.quarantined + row.rejected
        assert row.received == outcomes + len(row.missing)
    assert sum(row.received for row in found) == len({*taken, *(i for i in ended if "." not in i)})
    assert sum(row.successors for row in found) == sum("." in id_ for id_ in ended)
    assert sum(count_missing(found).values()) == len(taken.keys() - ended.keys())


def test_who_is_missing_is_named_under_its_source() -> None:
    taken = {"a": Receipt(HOUR, "form"), "b": Receipt(HOUR, "portal")}
    ended = {"a": RecordedOutcome(HOUR, "form", SubmissionOutcome.LEAD)}
    form, portal = reconcile_submissions(taken, ended)
    assert (form.source, form.missing, form.lead) == ("form", (), 1)
    assert (portal.source, portal.missing) == ("portal", ("b",))
    assert count_missing((form, portal)) == {"portal": 1}
