"""What was decided once is read and decided anew: who is meant, page by page, and the end.

Every step may be done twice: a successor's id follows from its cause's, so a page that was begun
and died is simply done again.
"""

from collections.abc import Iterator, Sequence

from leadloop.act import Failure
from leadloop.edge import clock, provider_checks, raw_bodies, replay_files
from leadloop.edge.act import act, foresee, table
from leadloop.edge.live_playbook import playbook
from leadloop.edge.problems import Done, attempt
from leadloop.edge.replay_files import Asked, Became, Ended, Found, Page
from leadloop.edge.wiring import wired
from leadloop.intake.replay import Anew, Filter, read_anew
from leadloop.model.decision import Outcome, Postponed, Verdict
from leadloop.model.facts import Facts, RecordRef
from leadloop.model.lead import Record
from leadloop.model.submission import Submission
from leadloop.store import register
from leadloop.store.read import read
from leadloop.store.register import Line, Sheet

PAGE = 25  # a mail each to be read again


def find(replay: str) -> Found:
    """Whose turn it is, in the order of the hours they were received in, as pages in S3."""
    asked = replay_files.asked(replay)
    ids = [id_ for _, id_ in sorted(set(_meant(asked.filter)))]
    return replay_files.put_pages(replay, [ids[n : n + PAGE] for n in range(0, len(ids), PAGE)])


def work(page: Page) -> tuple[Became, ...]:
    """What comes of each of a page; done twice, the same."""
    asked = replay_files.asked(page.replay)
    ids = replay_files.ids(page)
    facts = Facts(read(table(), [RecordRef(id_) for id_ in ids]))
    seen = [_seen(id_, facts.record(RecordRef(id_)), asked) for id_ in ids]
    anew = [each for each in seen if isinstance(each, Anew)]
    settled = [each for each in seen if isinstance(each, Became)]
    became = (*settled, *_decided(anew, asked))
    replay_files.put_results(page, became)
    return became


def end(replay: str) -> Ended:
    """No more is coming."""
    return replay_files.end(replay, clock.now())


def _meant(wanted: Filter) -> Iterator[tuple[str, str]]:
    """Hour and id of each; where only a part of an hour is meant, its records tell the moment."""
    for sheet in register.walk(table(), wanted.since, wanted.until):
        ids = {id_ for line in sheet.lines if _of(line, wanted) for id_ in line.ids}
        if ids and not wanted.covers(sheet.hour):
            ids = {id_ for id_ in _within(sheet, wanted) if id_ in ids}
        yield from ((sheet.hour.isoformat(), id_) for id_ in ids)


def _of(line: Line, wanted: Filter) -> bool:
    return (
        line.outcome is wanted.outcome
        and wanted.source in (None, line.source)
        and wanted.parser in (None, line.parser)
        and (wanted.reason is None or wanted.reason in line.reasons)
    )


def _within(sheet: Sheet, wanted: Filter) -> Iterator[str]:
    records = register.records(table(), sheet)
    return (record.id for record in records if wanted.takes(record.received_at))


def _seen(id_: str, held: Record | None, asked: Asked) -> Anew | Became:
    if held is None:
        return Became(id=id_, what="gone")
    if held.released_as is not None:
        return _settled(held, held.released_as, asked)
    source = playbook().playbook.sources.get(held.source)
    reading = attempt(
        "Reading anew",
        lambda: read_anew(held, raw_bodies.body(wired().s3, held.raw), source, asked.by),
    )
    if isinstance(reading, Done):
        return reading.value or Became(id=id_, what="no_source")
    return Became(id=id_, what="failed")


def _settled(held: Record, successor: str, asked: Asked) -> Became:
    """Before this replay, or by it: then it was begun once, and this is the second time."""
    ref = RecordRef(successor)
    found = Facts(read(table(), [ref])).record(ref)
    if found is None or found.decided_at < asked.at or held.released_by != asked.by:
        return Became(id=held.id, what="settled", successor=successor)
    return Became(
        id=held.id,
        what=str(found.outcome),
        successor=successor,
        lead_id=found.lead_id,
        reasons=found.reasons,
    )


def _decided(anew: Sequence[Anew], asked: Asked) -> Iterator[Became]:
    """Each successor, and whoever else is found in its envelope now."""
    triggers = [
        each for found in anew for each in (found.successor.but(replayed=True), *found.others)
    ]
    outcomes = (foresee if asked.dry_run else act)(triggers, provider_checks.ask)
    return map(_became, triggers, outcomes)


def _became(submission: Submission, outcome: Outcome | Failure) -> Became:
    id_ = submission.cause or submission.id
    match outcome:
        case Verdict(repeated=True, reasons=reasons) if submission.cause:
            return Became(id=id_, what="unchanged", reasons=reasons)
        case Verdict() as verdict:
            return Became(
                id=id_,
                what=str(verdict.outcome),
                successor=verdict.submission_id if submission.cause else None,
                lead_id=verdict.lead_id,
                reasons=verdict.reasons,
            )
        case Postponed():
            return Became(id=id_, what="postponed")
        case _:
            return Became(id=id_, what="failed")
