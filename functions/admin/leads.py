"""Leads: the work list, one lead with its timeline, and what a person does to it."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header, Query

from admin.commands import command
from admin.roles import Right
from admin.routes import PAGE, Cursor, Limit, Routes, lead_record, takes
from admin.views import LeadView, Rows, Timeline
from leadloop.edge.act import table
from leadloop.edge.live_playbook import playbook
from leadloop.model.base import Reason
from leadloop.model.command import (
    Accept,
    Action,
    Answer,
    Convert,
    Disqualify,
    Edit,
    Lose,
    Reject,
    Release,
    Win,
)
from leadloop.model.decision import Applied
from leadloop.model.errors import FieldsInvalid, NotFound, VersionUnnamed
from leadloop.model.event import Entry
from leadloop.model.lead import Record
from leadloop.store import queries, recent_leads

LEADS = "/admin/v1/leads"
ONE = f"{LEADS}/<lead_id>"
WORK = "/admin/v1/work"
OPPORTUNITY = "/admin/v1/opportunities/<opportunity_id>"
LONGEST_VERSION = 18  # digits
IfMatch = Annotated[
    str | None, Header(alias="If-Match", description="The ETag the change is based on, or *")
]

routes = Routes()


@routes.get(
    WORK,
    summary="What to do next: your own leads and your pool's queue together; the best comes first",
)
def get_work(limit: Limit = PAGE) -> Rows:
    """Who has asked something and waits, longest first; then by score, then by age."""
    rep = routes.acting(Right.WORK).id
    pool = playbook().pool_of(rep)
    own = queries.rep_list(table(), rep, limit).rows
    queued = queries.queue_list(table(), pool, limit).rows if pool else ()
    cards = sorted((*own, *queued), key=queries.first_things_first)
    return Rows.of(queries.Page(tuple(cards[:limit]), None))


@routes.get(
    LEADS,
    summary="A work list: of a rep, or of a pool's queue. If neither: a sales person's own; for "
    "others all leads, whoever's, the latest first",
)
def get_leads(
    owner: Annotated[str | None, Query(description="A rep's id")] = None,
    queue: Annotated[str | None, Query(description="A pool's id")] = None,
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> Rows:
    actor = routes.acting(Right.READ)
    if queue is not None:
        return Rows.of(queries.queue_list(table(), queue, limit, cursor))
    if owner is None and actor.role != "sales":
        return Rows.of(recent_leads.leads(table(), limit, cursor))
    return Rows.of(queries.rep_list(table(), owner or actor.id, limit, cursor))


@routes.get(ONE, summary="One lead as it stands; its version is the ETag")
def get_lead(lead_id: str) -> Response[LeadView]:
    routes.permit(Right.READ)
    return _shown(lead_record(lead_id))


@routes.patch(
    ONE,
    summary="Mend contact fields; needs If-Match, stale is 412",
    openapi_extensions=takes(Edit),
)
def patch_lead(lead_id: str, if_match: IfMatch = None) -> Response[LeadView]:
    actor = routes.acting(Right.EDIT)
    if if_match is None:
        raise VersionUnnamed("Say in If-Match which version this is for: the ETag of the GET.")
    command(actor, lead_id, routes.body(Edit), expected=_version(if_match))
    return _shown(lead_record(lead_id))


@routes.get(f"{ONE}/timeline", summary="What happened and what was said, newest first")
def get_timeline(lead_id: str, cursor: Cursor = None, limit: Limit = PAGE) -> Timeline:
    routes.permit(Right.READ)
    founding = lead_record(lead_id)
    page = queries.timeline(table(), lead_id, limit, cursor)
    said = queries.deliveries(table(), lead_id, limit).rows if cursor is None else ()
    oldest = () if page.cursor else (_founding(founding),)
    return Timeline(entries=(*page.rows, *oldest), deliveries=said, next=page.cursor)


@routes.post(f"{ONE}/accept", summary="Take the lead on")
def accept(lead_id: str, if_match: IfMatch = None) -> Applied:
    return _work(lead_id, Accept, if_match)


@routes.post(
    f"{ONE}/answer",
    summary="What the person asked is answered; by its owner, or whoever's list it waits in",
    openapi_extensions=takes(Answer),
)
def answer(lead_id: str, if_match: IfMatch = None) -> Applied:
    return _work(lead_id, Answer, if_match)


@routes.post(
    f"{ONE}/reject",
    summary="Hand the lead back, with a reason of the playbook",
    openapi_extensions=takes(Reject),
)
def reject(lead_id: str, if_match: IfMatch = None) -> Applied:
    return _work(lead_id, Reject, if_match)


@routes.post(
    f"{ONE}/convert",
    summary="Make it an opportunity; the value in cents",
    openapi_extensions=takes(Convert),
)
def convert(lead_id: str, if_match: IfMatch = None) -> Applied:
    return _work(lead_id, Convert, if_match)


@routes.post(
    f"{ONE}/disqualify",
    summary="Take the lead out of work, with a reason",
    openapi_extensions=takes(Disqualify),
)
def disqualify(lead_id: str, if_match: IfMatch = None) -> Applied:
    return _work(lead_id, Disqualify, if_match)


@routes.post(f"{ONE}/release", summary="Work a lead that was kept quiet, as it stands")
def release(lead_id: str, if_match: IfMatch = None) -> Applied:
    return _work(lead_id, Release, if_match)


@routes.post(
    f"{OPPORTUNITY}/won",
    summary="The opportunity is won; the value in cents",
    openapi_extensions=takes(Win),
)
def won(opportunity_id: str) -> Applied:
    return _close(opportunity_id, Win)


@routes.post(
    f"{OPPORTUNITY}/lost",
    summary="The opportunity is lost, with a reason",
    openapi_extensions=takes(Lose),
)
def lost(opportunity_id: str) -> Applied:
    return _close(opportunity_id, Lose)


def _work(lead_id: str, action: type[Action], if_match: str | None) -> Applied:
    actor = routes.acting(Right.WORK)
    expected = None if if_match is None else _version(if_match)
    return command(actor, lead_id, routes.body(action), expected)


def _close(opportunity_id: str, action: type[Win | Lose]) -> Applied:
    """Only if it is the lead's present one; the version read holds it to that."""
    actor = routes.acting(Right.WORK)
    found = lead_record(opportunity_id.rpartition("-")[0])
    present = found.lead.opportunity if found.lead else None
    if present is None or present.id != opportunity_id:
        raise NotFound(opportunity_id)
    return command(actor, found.id, routes.body(action), expected=found.version)


def _shown(found: Record) -> Response[LeadView]:
    if found.lead is None:
        raise NotFound(found.id)
    headers = {"ETag": f'"{found.version}"'}
    return Response(200, "application/json", LeadView.of(found, found.lead, playbook()), headers)


def _founding(found: Record) -> Entry:
    """With the words it began with, unless the lead was silent then and spoke later."""
    lead = found.lead
    touch = lead.first_touch if lead else None
    spoke = lead is not None and "interest.message" not in lead.since
    return Entry(
        note=lead.interest.message if lead and spoke else None,
        lead_id=found.id,
        at=found.decided_at,
        trigger_id=found.id,
        events=found.events,
        touch=touch,
    )


def _version(if_match: str) -> int | None:
    if if_match == "*":
        return None
    quoted = if_match.removeprefix("W/").strip('"')
    if not quoted.isdecimal() or len(quoted) > LONGEST_VERSION:
        text = 'If-Match: is the ETag of a GET, such as "3"'
        raise FieldsInvalid((Reason(code="if_match", text=text),))
    return int(quoted)
