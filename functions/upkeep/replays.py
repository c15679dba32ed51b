"""Replays: submissions that were decided once are read and decided again, page by page.

Every step may be done twice. The id of a successor follows from that of its cause, so a page whose
run died is done again.
"""

from collections.abc import Iterator, Sequence

from leadloop.act import Failure
from leadloop.edge import clock, provider_checks, raw_bodies, replay_files
from leadloop.edge.act import act, preview, table
from leadloop.edge.live_playbook import playbook
from leadloop.edge.problems import AttemptSuccess, attempt
from leadloop.edge.replay_files import (
    ReplayJob,
    ReplayManifest,
    ReplayOutcome,
    ReplayPage,
    ReplaySummary,
)
from leadloop.edge.wiring import get_wiring
from leadloop.intake.replay import Filter, ReplayResult, replay_record
from leadloop.model.decision import Outcome, Postponed, Verdict
from leadloop.model.facts import Facts
from leadloop.model.lead import Record, RecordRef
from leadloop.model.submission import Submission
from leadloop.store import register
from leadloop.store.read import read
from leadloop.store.register import RegisterLine, RegisterSheet

PAGE_SIZE = 25  # submissions; each may be a mail to read again


def find_submissions(replay: str) -> ReplayManifest:
    """Store the submissions of a replay as pages in S3, in the order of the hours they came in.

    Raises:
        NotFound: there is no such replay.

    """
    job = replay_files.get_job(replay)
    ids = [id_ for _, id_ in sorted(set(_matching_ids(job.filter)))]
    return replay_files.put_pages(
        replay, [ids[n : n + PAGE_SIZE] for n in range(0, len(ids), PAGE_SIZE)]
    )


def replay_page(page: ReplayPage) -> tuple[ReplayOutcome, ...]:
    """Replay the submissions of a page; a page that is done twice gives the same outcomes.

    Raises:
        NotFound: there is no such replay or page.

    """
    job = replay_files.get_job(page.replay)
    ids = replay_files.get_ids(page)
    facts = Facts(read(table(), [RecordRef(id_) for id_ in ids]))
    readings = [_read_again(id_, facts.get(RecordRef(id_)), job) for id_ in ids]
    reread = [each for each in readings if isinstance(each, ReplayResult)]
    settled = [each for each in readings if isinstance(each, ReplayOutcome)]
    outcomes = (*settled, *_decide(reread, job))
    replay_files.put_results(page, outcomes)
    return outcomes


def end_replay(replay: str) -> ReplaySummary:
    """Sum up a replay of which no more pages are coming."""
    return replay_files.end_replay(replay, clock.now())


def _matching_ids(job_filter: Filter) -> Iterator[tuple[str, str]]:
    """Hour and id of each that the filter matches; of a part of an hour, its records are read."""
    for sheet in register.walk_sheets(table(), job_filter.since, job_filter.until):
        ids = {id_ for line in sheet.lines if _matches(line, job_filter) for id_ in line.ids}
        if ids and not job_filter.includes_hour(sheet.hour):
            ids = {id_ for id_ in _ids_within(sheet, job_filter) if id_ in ids}
        yield from ((sheet.hour.isoformat(), id_) for id_ in ids)


def _matches(line: RegisterLine, job_filter: Filter) -> bool:
    return (
        line.outcome is job_filter.outcome
        and job_filter.source in (None, line.source)
        and job_filter.parser in (None, line.parser)
        and (job_filter.reason is None or job_filter.reason in line.reasons)
    )


def _ids_within(sheet: RegisterSheet, job_filter: Filter) -> Iterator[str]:
    records = register.read_records(table(), sheet)
    return (record.id for record in records if job_filter.includes(record.received_at))


def _read_again(id_: str, record: Record | None, job: ReplayJob) -> ReplayResult | ReplayOutcome:
    if record is None:
        return ReplayOutcome(id=id_, what="gone")
    if record.released_as is not None:
        return _settled_outcome(record, record.released_as, job)
    source = playbook().playbook.sources.get(record.source)
    reading = attempt(
        "Reading anew",
        lambda: replay_record(
            record, raw_bodies.read_body(get_wiring().s3, record.raw), source, job.by
        ),
    )
    if isinstance(reading, AttemptSuccess):
        return reading.value or ReplayOutcome(id=id_, what="no_source")
    return ReplayOutcome(id=id_, what="failed")


def _settled_outcome(record: Record, successor: str, job: ReplayJob) -> ReplayOutcome:
    """The outcome of a submission that was released before: by this replay, or by another."""
    ref = RecordRef(successor)
    stored = Facts(read(table(), [ref])).get(ref)
    if stored is None or stored.decided_at < job.at or record.released_by != job.by:
        return ReplayOutcome(id=record.id, what="settled", successor=successor)
    return ReplayOutcome(
        id=record.id,
        what=str(stored.outcome),
        successor=successor,
        lead_id=stored.lead_id,
        reasons=stored.reasons,
    )


def _decide(reread: Sequence[ReplayResult], job: ReplayJob) -> Iterator[ReplayOutcome]:
    """Decide each successor, and the further submissions that its envelope now holds."""
    triggers = [
        each for result in reread for each in (result.successor.but(replayed=True), *result.others)
    ]
    outcomes = (preview if job.dry_run else act)(triggers, provider_checks.ask_providers)
    return map(_replay_outcome, triggers, outcomes)


def _replay_outcome(submission: Submission, outcome: Outcome | Failure) -> ReplayOutcome:
    id_ = submission.cause or submission.id
    match outcome:
        case Verdict(repeated=True, reasons=reasons) if submission.cause:
            return ReplayOutcome(id=id_, what="unchanged", reasons=reasons)
        case Verdict() as verdict:
            return ReplayOutcome(
                id=id_,
                what=str(verdict.outcome),
                successor=verdict.submission_id if submission.cause else None,
                lead_id=verdict.lead_id,
                reasons=verdict.reasons,
            )
        case Postponed():
            return ReplayOutcome(id=id_, what="postponed")
        case _:
            return ReplayOutcome(id=id_, what="failed")
