"""What was decided once is read and decided anew: who is meant, page by page, and the end.

Every step may be done twice: a successor's id follows from its cause's, so a page that was begun
and died is simply done again.
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

PAGE_SIZE = 25  # a mail each to be read again


def find_submissions(replay: str) -> ReplayManifest:
    """Whose turn it is, in the order of the hours they were received in, as pages in S3."""
    asked = replay_files.get_job(replay)
    ids = [id_ for _, id_ in sorted(set(_matching_ids(asked.filter)))]
    return replay_files.put_pages(
        replay, [ids[n : n + PAGE_SIZE] for n in range(0, len(ids), PAGE_SIZE)]
    )


def replay_page(page: ReplayPage) -> tuple[ReplayOutcome, ...]:
    """What comes of each of a page; done twice, the same."""
    asked = replay_files.get_job(page.replay)
    ids = replay_files.get_ids(page)
    facts = Facts(read(table(), [RecordRef(id_) for id_ in ids]))
    seen = [_read_again(id_, facts.get(RecordRef(id_)), asked) for id_ in ids]
    anew = [each for each in seen if isinstance(each, ReplayResult)]
    settled = [each for each in seen if isinstance(each, ReplayOutcome)]
    became = (*settled, *_decide(anew, asked))
    replay_files.put_results(page, became)
    return became


def end_replay(replay: str) -> ReplaySummary:
    """No more is coming."""
    return replay_files.end_replay(replay, clock.now())


def _matching_ids(wanted: Filter) -> Iterator[tuple[str, str]]:
    """Hour and id of each; where only a part of an hour is meant, its records tell the moment."""
    for sheet in register.walk_sheets(table(), wanted.since, wanted.until):
        ids = {id_ for line in sheet.lines if _matches(line, wanted) for id_ in line.ids}
        if ids and not wanted.includes_hour(sheet.hour):
            ids = {id_ for id_ in _ids_within(sheet, wanted) if id_ in ids}
        yield from ((sheet.hour.isoformat(), id_) for id_ in ids)


def _matches(line: RegisterLine, wanted: Filter) -> bool:
    return (
        line.outcome is wanted.outcome
        and wanted.source in (None, line.source)
        and wanted.parser in (None, line.parser)
        and (wanted.reason is None or wanted.reason in line.reasons)
    )


def _ids_within(sheet: RegisterSheet, wanted: Filter) -> Iterator[str]:
    records = register.read_records(table(), sheet)
    return (record.id for record in records if wanted.includes(record.received_at))


def _read_again(id_: str, held: Record | None, asked: ReplayJob) -> ReplayResult | ReplayOutcome:
    if held is None:
        return ReplayOutcome(id=id_, what="gone")
    if held.released_as is not None:
        return _settled_outcome(held, held.released_as, asked)
    source = playbook().playbook.sources.get(held.source)
    reading = attempt(
        "Reading anew",
        lambda: replay_record(
            held, raw_bodies.read_body(get_wiring().s3, held.raw), source, asked.by
        ),
    )
    if isinstance(reading, AttemptSuccess):
        return reading.value or ReplayOutcome(id=id_, what="no_source")
    return ReplayOutcome(id=id_, what="failed")


def _settled_outcome(held: Record, successor: str, asked: ReplayJob) -> ReplayOutcome:
    """Before this replay, or by it: then it was begun once, and this is the second time."""
    ref = RecordRef(successor)
    found = Facts(read(table(), [ref])).record(ref)
    if found is None or found.decided_at < asked.at or held.released_by != asked.by:
        return ReplayOutcome(id=held.id, what="settled", successor=successor)
    return ReplayOutcome(
        id=held.id,
        what=str(found.outcome),
        successor=successor,
        lead_id=found.lead_id,
        reasons=found.reasons,
    )


def _decide(anew: Sequence[ReplayResult], asked: ReplayJob) -> Iterator[ReplayOutcome]:
    """Each successor, and whoever else is found in its envelope now."""
    triggers = [
        each for found in anew for each in (found.successor.but(replayed=True), *found.others)
    ]
    outcomes = (preview if asked.dry_run else act)(triggers, provider_checks.ask_providers)
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
