"""Replays: what was decided once, read and decided anew; started here, done by a state machine."""

from datetime import datetime
from http import HTTPStatus
from typing import Literal

from aws_lambda_powertools.event_handler import Response
from ulid import ULID

from admin.roles import Right
from admin.routes import Cursor, Routes, answers, takes
from leadloop.edge import clock, replay_files
from leadloop.edge.replay_files import Asked, Became, Ended, Page
from leadloop.edge.wiring import wired
from leadloop.intake.replay import Filter
from leadloop.model.base import Model, Reason
from leadloop.model.command import Actor
from leadloop.model.errors import FieldsInvalid, NotFound
from leadloop.settings import ReplayFlowSettings

REPLAYS = "/admin/v1/replays"
ONE = f"{REPLAYS}/<replay_id>"
SHOWN = 50
NOBODY_MEANT = Reason(
    code="nobody_meant",
    text=f"say who is meant, by {', '.join(Filter.model_fields)}; "
    'all that is held by {"outcome": "quarantined"}',
)

routes = Routes()


class Wanted(Filter):
    """Who is meant, and whether it is only to be told what would become of each.

    `{"outcome": "quarantined"}` is all that is held; nothing said is nobody meant, and refused.
    """

    dry_run: bool = False

    @property
    def means_somebody(self) -> bool:
        """Whether anything is said of who."""
        said = self.model_dump(exclude={"dry_run"}, exclude_unset=True)
        return any(value is not None for value in said.values())


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
    ended: Ended | None
    results: tuple[Became, ...] = ()
    next: str | None = None


class Replays(Model):
    """The latest first; they are kept for a week."""

    replays: tuple[ReplayView, ...]


@routes.post(
    REPLAYS,
    summary="Read and decide anew whoever is meant; nobody becomes a second lead or is told twice",
    responses=answers(ReplayView, 202),
    openapi_extensions=takes(Wanted),
)
def start() -> Response[ReplayView]:
    actor = routes.acting(Right.MEND)
    wanted = routes.body(Wanted)
    if not wanted.means_somebody:
        raise FieldsInvalid((NOBODY_MEANT,))
    asked = Asked(
        id=str(ULID()),
        by=actor,
        at=clock.now(),
        filter=Filter.model_validate(wanted.model_dump(exclude={"dry_run"})),
        dry_run=wanted.dry_run,
    )
    replay_files.put_asked(asked)
    wired().states.start_execution(
        stateMachineArn=wired().settings(ReplayFlowSettings).REPLAY_FLOW,
        name=asked.id,
        input=Page(replay=asked.id, page=0).model_dump_json(),
    )
    place = {"Location": f"{REPLAYS}/{asked.id}"}
    return Response(HTTPStatus.ACCEPTED, "application/json", _view(asked), place)


@routes.get(REPLAYS, summary="The latest replays")
def get_replays() -> Replays:
    routes.permit(Right.MEND)
    kept = replay_files.known()[:SHOWN]
    return Replays(replays=tuple(_view(replay_files.asked(id_)) for id_ in kept))


@routes.get(ONE, summary="How far a replay is, and what became of each, page by page")
def get_replay(replay_id: str, cursor: Cursor = None) -> ReplayView:
    routes.permit(Right.MEND)
    view = _view(replay_files.asked(replay_id))
    number = _number(cursor)
    if view.pages is None or number >= view.pages:
        return view
    following = str(number + 1) if number + 1 < view.pages else None
    return view.but(results=_results(Page(replay=replay_id, page=number)), next=following)


def _view(asked: Asked) -> ReplayView:
    ended = replay_files.ended(asked.id)
    pages = _pages(asked.id)
    return ReplayView(
        id=asked.id,
        state="ended" if ended else "finding" if pages is None else "running",
        by=asked.by,
        at=asked.at,
        filter=asked.filter,
        dry_run=asked.dry_run,
        pages=pages,
        done=len(replay_files.done(asked.id)),
        ended=ended,
    )


def _pages(replay_id: str) -> int | None:
    try:
        return len(replay_files.pages(replay_id))
    except NotFound:
        return None


def _results(page: Page) -> tuple[Became, ...]:
    try:
        return replay_files.results(page)
    except NotFound:  # not done yet
        return ()


def _number(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not cursor.isdecimal() or len(cursor) > 9:
        raise FieldsInvalid((Reason(code="cursor", text="the cursor is not one of this list"),))
    return int(cursor)
