"""Replays: old submissions are read and decided again. A state machine does it; it starts here."""

from datetime import datetime
from http import HTTPStatus
from typing import Literal

from aws_lambda_powertools.event_handler import Response
from ulid import ULID

from admin.roles import Right
from admin.routes import (
    Cursor,
    Routes,
    describe_request,
    describe_responses,
    refuse_unknown_parser,
    refuse_unknown_source,
    refuse_unknown_value,
)
from leadloop.edge import clock, replay_files
from leadloop.edge.act import table
from leadloop.edge.replay_files import ReplayJob, ReplayOutcome, ReplayPage, ReplaySummary
from leadloop.edge.wiring import get_wiring
from leadloop.intake.replay import Filter
from leadloop.model.base import Model, Reason
from leadloop.model.command import Actor
from leadloop.model.errors import FieldsInvalid, NotFound
from leadloop.model.lead import SubmissionOutcome
from leadloop.model.reason_codes import REASON_CODES
from leadloop.settings import ReplayFlowSettings
from leadloop.store import queries

REPLAYS = "/admin/v1/replays"
REPLAY_PATH = f"{REPLAYS}/<replay_id>"
MOST_LISTED = 50
FILTER_MISSING = Reason(
    code="nobody_meant",
    text=f"say who is meant, by {', '.join(Filter.model_fields)}; "
    'all that is held by {"outcome": "quarantined"}',
)

routes = Routes()


class ReplayRequest(Filter):
    """Who is meant, and whether it is only to be told what would become of each.

    `{"outcome": "quarantined"}` is all that is held; nothing said is nobody meant, and refused.
    """

    dry_run: bool = False

    @property
    def has_filter(self) -> bool:
        """Whether the request names at least one filter."""
        filter_values = self.model_dump(exclude={"dry_run"}, exclude_unset=True)
        return any(value is not None for value in filter_values.values())


class ReplayView(Model):
    """`pages` of up to 25 submissions each, of which `done` are; `ended` sums them all up.

    `results` are those of one page; `next` is the cursor of the following one.
    """

    id: str
    state: Literal["finding", "running", "ended"]
    by: Actor
    at: datetime
    filter: Filter
    dry_run: bool
    pages: int | None
    done: int
    ended: ReplaySummary | None
    results: tuple[ReplayOutcome, ...] = ()
    next: str | None = None


class Replays(Model):
    """The latest first; they are kept for a week."""

    replays: tuple[ReplayView, ...]


@routes.post(
    REPLAYS,
    summary="Read and decide anew whoever is meant; nobody becomes a second lead or is told twice",
    responses=describe_responses(ReplayView, 202),
    openapi_extensions=describe_request(ReplayRequest),
    operation_id="start_admin_v1_replays_post",
)
def start_replay() -> Response[ReplayView]:
    actor = routes.actor_for(Right.MEND)
    body = routes.body(ReplayRequest)
    if not body.has_filter:
        raise FieldsInvalid((FILTER_MISSING,))
    refuse_unknown_filter(body)
    job = ReplayJob(
        id=str(ULID()),
        by=actor,
        at=clock.now(),
        filter=Filter.model_validate(body.model_dump(exclude={"dry_run"})),
        dry_run=body.dry_run,
    )
    replay_files.put_job(job)
    get_wiring().step_functions.start_execution(
        stateMachineArn=get_wiring().settings(ReplayFlowSettings).REPLAY_FLOW,
        name=job.id,
        input=ReplayPage(replay=job.id, page=0).model_dump_json(),
    )
    headers = {"Location": f"{REPLAYS}/{job.id}"}
    return Response(HTTPStatus.ACCEPTED, "application/json", _view(job), headers)


def refuse_unknown_filter(asked: Filter) -> None:
    """Raise FieldsInvalid for a value that no submission has.

    Those of a source that is gone may still be held. The reasons of leads are their playbook's.
    """
    of_source = queries.QuarantineFilter(asked.source, None, None, None, None)
    held = asked.source is not None and queries.quarantine(table(), 1, None, of_source).rows
    refuse_unknown_source(asked.source, found=bool(held))
    if asked.outcome in (SubmissionOutcome.QUARANTINED, SubmissionOutcome.REJECTED):
        refuse_unknown_value("reason", asked.reason, REASON_CODES)
    refuse_unknown_parser(asked.parser)


@routes.get(REPLAYS, summary="The latest replays")
def get_replays() -> Replays:
    routes.permit(Right.MEND)
    ids = replay_files.list_replays()[:MOST_LISTED]
    return Replays(replays=tuple(_view(replay_files.get_job(id_)) for id_ in ids))


@routes.get(REPLAY_PATH, summary="How far a replay is, and what became of each, page by page")
def get_replay(replay_id: str, cursor: Cursor = None) -> ReplayView:
    routes.permit(Right.MEND)
    view = _view(replay_files.get_job(replay_id))
    number = _number(cursor)
    if view.pages is None or number >= view.pages:
        return view
    following = str(number + 1) if number + 1 < view.pages else None
    return view.but(results=_results(ReplayPage(replay=replay_id, page=number)), next=following)


def _view(job: ReplayJob) -> ReplayView:
    ended = replay_files.get_summary(job.id)
    pages = _pages(job.id)
    return ReplayView(
        id=job.id,
        state="ended" if ended else "finding" if pages is None else "running",
        by=job.by,
        at=job.at,
        filter=job.filter,
        dry_run=job.dry_run,
        pages=pages,
        done=len(replay_files.finished_pages(job.id)),
        ended=ended,
    )


def _pages(replay_id: str) -> int | None:
    try:
        return len(replay_files.get_pages(replay_id))
    except NotFound:
        return None


def _results(page: ReplayPage) -> tuple[ReplayOutcome, ...]:
    try:
        return replay_files.get_results(page)
    except NotFound:  # not done yet
        return ()


def _number(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not cursor.isdecimal() or len(cursor) > 9:
        raise FieldsInvalid((Reason(code="cursor", text="the cursor is not one of this list"),))
    return int(cursor)
