"""The quarantine: submissions that a person must look at, fix and release."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field

from admin.quarantine_release import Fix, build_released_submission
from admin.quarantine_view import HeldView, held_view
from admin.roles import Right
from admin.routes import (
    PAGE_SIZE,
    Cursor,
    Limit,
    Routes,
    describe_request,
    get_record,
    refuse_unknown_parser,
    refuse_unknown_source,
    refuse_unknown_value,
    to_utc,
)
from admin.views import WorkItems
from leadloop.act import Failure
from leadloop.edge import provider_checks, raw_bodies
from leadloop.edge.act import act, act_now, table
from leadloop.edge.live_playbook import playbook
from leadloop.edge.problems import public_detail
from leadloop.edge.wiring import get_wiring
from leadloop.model.base import Model, SentMoment
from leadloop.model.command import Actor
from leadloop.model.decision import Outcome, Postponed, Verdict
from leadloop.model.errors import Busy, Conflict, LeadloopError
from leadloop.model.reason_codes import REASON_CODES
from leadloop.model.submission import Submission
from leadloop.store import queries

QUARANTINE = "/admin/v1/quarantine"
QUARANTINED_PATH = f"{QUARANTINE}/<submission_id>"
MOST_AT_ONCE = 50

routes = Routes()


class BulkFix(Fix):
    """The same fix for several: a `source` they were taken for wrongly, a field they all lack."""

    ids: tuple[str, ...] = Field(min_length=1, max_length=MOST_AT_ONCE)


class ReleaseResult(Model):
    """What became of one: its verdict, or why it was not released."""

    id: str
    verdict: Verdict | None = None
    refused: str | None = None


class BulkReleaseResult(Model):
    """In the order asked."""

    results: tuple[ReleaseResult, ...]


@routes.get(
    QUARANTINE,
    summary="What waits for a person, oldest first; a page may be short and yet not the last",
)
def get_quarantine(
    source: Annotated[str | None, Query(description="A source's id")] = None,
    reason: Annotated[str | None, Query(description="One of its reasons, by code")] = None,
    parser: Annotated[str | None, Query(description="Who could not read it: adf/1")] = None,
    since: Annotated[SentMoment | None, Query(description="Received then or later")] = None,
    until: Annotated[SentMoment | None, Query(description="Received before")] = None,
    cursor: Cursor = None,
    limit: Limit = PAGE_SIZE,
) -> WorkItems:
    routes.permit(Right.MEND)
    filter_ = queries.QuarantineFilter(source, reason, parser, to_utc(since), to_utc(until))
    page = queries.quarantine(table(), limit, cursor, filter_)
    found = bool(page.rows or cursor)
    refuse_unknown_source(source, found=found)
    refuse_unknown_value("reason", reason, REASON_CODES, found=found)
    refuse_unknown_parser(parser)
    return WorkItems.of(page)


@routes.get(
    QUARANTINED_PATH,
    summary="One of them: its bytes as text, beside what is understood of them now",
)
def get_quarantined(submission_id: str) -> HeldView:
    actor = routes.actor_for(Right.MEND)
    held = get_record(submission_id)
    return held_view(
        held, raw_bodies.read_body(get_wiring().s3, held.raw), playbook().playbook.sources, actor
    )


@routes.post(
    f"{QUARANTINED_PATH}/fix",
    summary="Release it, with fields mended; it becomes `<id>.2` and is decided at once",
    openapi_extensions=describe_request(Fix),
)
def fix(submission_id: str) -> Verdict:
    actor = routes.actor_for(Right.MEND)
    return _verdict(
        act_now(
            _release_held(submission_id, routes.body(Fix), actor), provider_checks.ask_providers
        )
    )


@routes.post(
    f"{QUARANTINE}/fix",
    summary=f"Release up to {MOST_AT_ONCE}, all mended in the same way; each is told by itself",
    openapi_extensions=describe_request(BulkFix),
)
def fix_all() -> BulkReleaseResult:
    actor = routes.actor_for(Right.MEND)
    bulk_fix = routes.body(BulkFix)
    results: dict[str, ReleaseResult] = {}
    ready: list[Submission] = []
    for id_ in dict.fromkeys(bulk_fix.ids):
        try:
            ready.append(_release_held(id_, bulk_fix, actor))
        except LeadloopError as error:
            results[id_] = ReleaseResult(id=id_, refused=public_detail(error))
    for submission, outcome in zip(ready, act(ready, provider_checks.ask_providers), strict=True):
        id_ = str(submission.cause)
        results[id_] = _release_result(id_, outcome)
    return BulkReleaseResult(results=tuple(results[id_] for id_ in dict.fromkeys(bulk_fix.ids)))


def _release_held(submission_id: str, fix: Fix, actor: Actor) -> Submission:
    held = get_record(submission_id)
    body = raw_bodies.read_body(get_wiring().s3, held.raw)
    return build_released_submission(held, body, playbook().playbook.sources, fix, actor)


def _release_result(id_: str, outcome: Outcome | Failure) -> ReleaseResult:
    if isinstance(outcome, Failure):
        return ReleaseResult(id=id_, refused="it could not be worked on now; try again")
    try:
        return ReleaseResult(id=id_, verdict=_verdict(outcome))
    except (Busy, Conflict) as error:
        return ReleaseResult(id=id_, refused=str(error))


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
