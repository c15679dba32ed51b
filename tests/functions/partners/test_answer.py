"""What a partner is told, and what it must never learn."""

from datetime import UTC, datetime

import pytest

from leadloop.model.base import Reason
from leadloop.model.contact import Contact
from leadloop.model.event import TimelineEntry
from leadloop.model.lead import Lead, Record, Score, SubmissionOutcome
from leadloop.model.person import Person
from leadloop.model.stored_lead import StoredLead
from leadloop.model.submission import Channel, Raw, Touch
from partners.answer import STATUS, build_answer, first_submission

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def record(
    id_: str, outcome: SubmissionOutcome, source: str = "autopoint", lead_id: str | None = None
) -> Record:
    return Record(
        id=id_,
        version=1,
        source=source,
        channel=Channel.PARTNER,
        received_at=NOON,
        decided_at=NOON,
        outcome=outcome,
        reasons=(Reason(code="known", text="rosa@example.com is known from leadhaus"),),
        raw=Raw(sha256="00", size=0),
        playbook="p",
        lead_id=lead_id,
    )


def lead_of(id_: str, source: str = "autopoint") -> StoredLead:
    lead = Lead(
        product_line="pumps",
        source=source,
        channel=Channel.PARTNER,
        created_at=NOON,
        score=Score(model="pumps"),
    )
    founding = record(id_, SubmissionOutcome.LEAD, source, id_)
    return StoredLead(id_, founding, Person(contact=Contact()), lead)


def touch(trigger_id: str, source: str) -> TimelineEntry:
    return TimelineEntry(
        lead_id="L",
        at=NOON,
        trigger_id=trigger_id,
        events=(),
        touch=Touch(at=NOON, source=source),
    )


def test_a_person_another_source_owns_is_answered_like_a_new_person() -> None:
    founding = lead_of("L", source="leadhaus")
    merged = record("A1", SubmissionOutcome.MERGED, lead_id="L")
    new = record("A1", SubmissionOutcome.LEAD, lead_id="A1")
    timeline = [touch("H2", "leadhaus"), touch("A1", "autopoint")]

    told = build_answer(merged.verdict(), first_submission("autopoint", founding, timeline))

    assert told.model_dump_json() == build_answer(new.verdict(), "A1").model_dump_json()


def test_the_second_time_it_is_merged_with_the_partners_own_first() -> None:
    founding = lead_of("L", source="leadhaus")
    timeline = [touch("A2", "autopoint"), touch("A1", "autopoint"), touch("H2", "leadhaus")]

    told = build_answer(
        record("A2", SubmissionOutcome.MERGED, lead_id="L").verdict(),
        first_submission("autopoint", founding, timeline),
    )

    assert (told.outcome, told.lead_id) == (SubmissionOutcome.MERGED, "A1")
    assert "leadhaus" not in told.model_dump_json()


def test_its_own_founding_submission_is_what_it_is_merged_with() -> None:
    founding = lead_of("A1")
    told = build_answer(
        record("A2", SubmissionOutcome.MERGED, lead_id="A1").verdict(),
        first_submission("autopoint", founding, []),
    )
    assert (told.outcome, told.lead_id) == (SubmissionOutcome.MERGED, "A1")


@pytest.mark.parametrize("outcome", [SubmissionOutcome.QUARANTINED, SubmissionOutcome.REJECTED])
def test_a_no_carries_its_reasons_and_no_lead(outcome: SubmissionOutcome) -> None:
    told = build_answer(record("A1", outcome).verdict(), None)
    assert told.reasons
    assert told.lead_id is None


def test_every_outcome_has_a_status() -> None:
    assert set(STATUS) == set(SubmissionOutcome)
