"""The quarantine: what a person must look at, mended and released as a submission of its own."""

from datetime import datetime
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field

from admin.quarantine_release import Fix, release
from admin.quarantine_view import HeldView, held_view
from admin.roles import Right
from admin.routes import PAGE, Cursor, Limit, Routes, instant, record, takes
from admin.views import Rows
from leadloop.act import Failure
from leadloop.edge import provider_checks, raw_bodies
from leadloop.edge.act import act, act_now, table
from leadloop.edge.live_playbook import playbook
from leadloop.edge.problems import told
from leadloop.edge.wiring import wired
from leadloop.model.base import Model
from leadloop.model.command import Actor
from leadloop.model.decision import Outcome, Postponed, Verdict
from leadloop.model.errors import Busy, Conflict, LeadloopError
from leadloop.model.submission import Submission
from leadloop.store import queries

QUARANTINE = "/admin/v1/quarantine"
ONE = f"{QUARANTINE}/<submission_id>"
MOST_AT_ONCE = 50

routes = Routes()


class BulkFix(Fix):
    """The same fix for several: a `source` they were taken for wrongly, a field they all lack."""

    ids: tuple[str, ...] = Field(min_length=1, max_length=MOST_AT_ONCE)


class Released(Model):
    """What became of one: its verdict, or why it was not released."""

    id: str
    verdict: Verdict | None = None
    refused: str | None = None


class BulkReleased(Model):
    """In the order asked."""

    results: tuple[Released, ...]


@routes.get(
    QUARANTINE,
    summary="What waits for a person, oldest first; a page may be short and yet not the last",
)
def get_quarantine(
    source: Annotated[str | None, Query(description="A source's id")] = None,
    reason: Annotated[str | None, Query(description="One of its reasons, by code")] = None,
    parser: Annotated[str | None, Query(description="Who could not read it: adf/1")] = None,
    since: Annotated[datetime | None, Query(description="Received then or later")] = None,
    until: Annotated[datetime | None, Query(description="Received before")] = None,
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> Rows:
    routes.permit(Right.MEND)
    sought = queries.Sought(source, reason, parser, instant(since), instant(until))
    return Rows.of(queries.quarantine(table(), limit, cursor, sought))


@routes.get(ONE, summary="One of them: its bytes as text, beside what is understood of them now")
def get_quarantined(submission_id: str) -> HeldView:
    actor = routes.acting(Right.MEND)
    held = record(submission_id)
    return held_view(
        held, raw_bodies.body(wired().s3, held.raw), playbook().playbook.sources, actor
    )


@routes.post(
    f"{ONE}/fix",
    summary="Release it, with fields mended; it becomes `<id>.2` and is decided at once",
    openapi_extensions=takes(Fix),
)
def fix(submission_id: str) -> Verdict:
    actor = routes.acting(Right.MEND)
    return _verdict(act_now(_released(submission_id, routes.body(Fix), actor), provider_checks.ask))


@routes.post(
    f"{QUARANTINE}/fix",
    summary=f"Release up to {MOST_AT_ONCE}, all mended in the same way; each is told by itself",
    openapi_extensions=takes(BulkFix),
)
def fix_all() -> BulkReleased:
    actor = routes.acting(Right.MEND)
    asked = routes.body(BulkFix)
    results: dict[str, Released] = {}
    ready: list[Submission] = []
    for id_ in dict.fromkeys(asked.ids):
        try:
            ready.append(_released(id_, asked, actor))
        except LeadloopError as error:
            results[id_] = Released(id=id_, refused=told(error))
    for submission, outcome in zip(ready, act(ready, provider_checks.ask), strict=True):
        id_ = str(submission.cause)
        results[id_] = _told(id_, outcome)
    return BulkReleased(results=tuple(results[id_] for id_ in dict.fromkeys(asked.ids)))


def _released(submission_id: str, asked: Fix, actor: Actor) -> Submission:
    held = record(submission_id)
    body = raw_bodies.body(wired().s3, held.raw)
    return release(held, body, playbook().playbook.sources, asked, actor)


def _told(id_: str, outcome: Outcome | Failure) -> Released:
    if isinstance(outcome, Failure):
        return Released(id=id_, refused="it could not be worked on now; try again")
    try:
        return Released(id=id_, verdict=_verdict(outcome))
    except (Busy, Conflict) as error:
        return Released(id=id_, refused=str(error))


def _verdict(outcome: Outcome) -> Verdict:
    match outcome:
        case Verdict(repeated=True, submission_id=id_):
            raise Conflict(f"somebody released it a moment before, as {id_}")
        case Verdict() as verdict:
            return verdict
        case Postponed(why=why):
            raise Busy(f"{why}: it stays in quarantine; try again in some minutes")
        case other:
            raise TypeError(f"a submission became {other.kind}")
