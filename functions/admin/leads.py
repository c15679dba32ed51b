"""Leads: the work list, one lead with its timeline, and what a person does to it."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header, Query

from admin.commands import run_command
from admin.roles import Right
from admin.routes import PAGE_SIZE, Cursor, Limit, Routes, describe_request, get_lead_record
from admin.views import LeadView, Timeline, WorkItems
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
from leadloop.model.event import TimelineEntry
from leadloop.model.lead import Record
from leadloop.store import queries, recent_leads

LEADS = "/admin/v1/leads"
LEAD_PATH = f"{LEADS}/<lead_id>"
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
def get_work(limit: Limit = PAGE_SIZE) -> WorkItems:
    """Who has asked something and waits, longest first; then by score, then by age."""
    rep = routes.actor_for(Right.WORK).id
    pool = playbook().pool_of(rep)
    own = queries.rep_list(table(), rep, limit).rows
    queued = queries.queue_list(table(), pool, limit).rows if pool else ()
    cards = sorted((*own, *queued), key=queries.worklist_order)
    return WorkItems.of(queries.Page(tuple(cards[:limit]), None))


@routes.get(
    LEADS,
    summary="A work list: of a rep, or of a pool's queue. If neither: a sales person's own; for "
    "others all leads, whoever's, the latest first",
)
def get_leads(
    owner: Annotated[str | None, Query(description="A rep's id")] = None,
    queue: Annotated[str | None, Query(description="A pool's id")] = None,
    cursor: Cursor = None,
    limit: Limit = PAGE_SIZE,
) -> WorkItems:
    actor = routes.actor_for(Right.READ)
    if queue is not None:
        return WorkItems.of(queries.queue_list(table(), queue, limit, cursor))
    if owner is None and actor.role != "sales":
        return WorkItems.of(recent_leads.recent_leads(table(), limit, cursor))
    return WorkItems.of(queries.rep_list(table(), owner or actor.id, limit, cursor))


@routes.get(LEAD_PATH, summary="One lead as it stands; its version is the ETag")
def get_lead(lead_id: str) -> Response[LeadView]:
    routes.permit(Right.READ)
    return _lead_response(get_lead_record(lead_id))


@routes.patch(
    LEAD_PATH,
    summary="Mend contact fields; needs If-Match, stale is 412",
    openapi_extensions=describe_request(Edit),
)
def patch_lead(lead_id: str, if_match: IfMatch = None) -> Response[LeadView]:
    actor = routes.actor_for(Right.EDIT)
    if if_match is None:
        raise VersionUnnamed("Say in If-Match which version this is for: the ETag of the GET.")
    run_command(actor, lead_id, routes.body(Edit), expected=_version(if_match))
    return _lead_response(get_lead_record(lead_id))


@routes.get(f"{LEAD_PATH}/timeline", summary="What happened and what was said, newest first")
def get_timeline(lead_id: str, cursor: Cursor = None, limit: Limit = PAGE_SIZE) -> Timeline:
    routes.permit(Right.READ)
    founding = get_lead_record(lead_id)
    page = queries.timeline(table(), lead_id, limit, cursor)
    said = queries.deliveries(table(), lead_id, limit).rows if cursor is None else ()
    oldest = () if page.cursor else (_founding_entry(founding),)
    return Timeline(entries=(*page.rows, *oldest), deliveries=said, next=page.cursor)


@routes.post(f"{LEAD_PATH}/accept", summary="Take the lead on")
def accept(lead_id: str, if_match: IfMatch = None) -> Applied:
    return _run_action(lead_id, Accept, if_match)


@routes.post(
    f"{LEAD_PATH}/answer",
    summary="What the person asked is answered; by its owner, or whoever's list it waits in",
    openapi_extensions=describe_request(Answer),
)
def answer(lead_id: str, if_match: IfMatch = None) -> Applied:
    return _run_action(lead_id, Answer, if_match)


@routes.post(
    f"{LEAD_PATH}/reject",
    summary="Hand the lead back, with a reason of the playbook",
    openapi_extensions=describe_request(Reject),
)
def reject(lead_id: str, if_match: IfMatch = None) -> Applied:
    return _run_action(lead_id, Reject, if_match)


@routes.post(
    f"{LEAD_PATH}/convert",
    summary="Make it an opportunity; the value in cents",
    openapi_extensions=describe_request(Convert),
)
def convert(lead_id: str, if_match: IfMatch = None) -> Applied:
    return _run_action(lead_id, Convert, if_match)


@routes.post(
    f"{LEAD_PATH}/disqualify",
    summary="Take the lead out of work, with a reason",
    openapi_extensions=describe_request(Disqualify),
)
def disqualify(lead_id: str, if_match: IfMatch = None) -> Applied:
    return _run_action(lead_id, Disqualify, if_match)


@routes.post(f"{LEAD_PATH}/release", summary="Work a lead that was kept quiet, as it stands")
def release(lead_id: str, if_match: IfMatch = None) -> Applied:
    return _run_action(lead_id, Release, if_match)


@routes.post(
    f"{OPPORTUNITY}/won",
    summary="The opportunity is won; the value in cents",
    openapi_extensions=describe_request(Win),
    operation_id="won_admin_v1_opportunities__opportunity_id__won_post",
)
def win_opportunity(opportunity_id: str) -> Applied:
    return _close_opportunity(opportunity_id, Win)


@routes.post(
    f"{OPPORTUNITY}/lost",
    summary="The opportunity is lost, with a reason",
    openapi_extensions=describe_request(Lose),
    operation_id="lost_admin_v1_opportunities__opportunity_id__lost_post",
)
def lose_opportunity(opportunity_id: str) -> Applied:
    return _close_opportunity(opportunity_id, Lose)


def _run_action(lead_id: str, action: type[Action], if_match: str | None) -> Applied:
    actor = routes.actor_for(Right.WORK)
    expected = None if if_match is None else _version(if_match)
    return run_command(actor, lead_id, routes.body(action), expected)


def _close_opportunity(opportunity_id: str, action: type[Win | Lose]) -> Applied:
    """Only if it is the lead's present one; the version read holds it to that."""
    actor = routes.actor_for(Right.WORK)
    found = get_lead_record(opportunity_id.rpartition("-")[0])
    present = found.lead.opportunity if found.lead else None
    if present is None or present.id != opportunity_id:
        raise NotFound(opportunity_id)
    return run_command(actor, found.id, routes.body(action), expected=found.version)


def _lead_response(found: Record) -> Response[LeadView]:
    if found.lead is None:
        raise NotFound(found.id)
    headers = {"ETag": f'"{found.version}"'}
    return Response(200, "application/json", LeadView.of(found, found.lead, playbook()), headers)


def _founding_entry(found: Record) -> TimelineEntry:
    """With the words it began with, unless the lead was silent then and spoke later."""
    lead = found.lead
    touch = lead.first_touch if lead else None
    spoke = lead is not None and "interest.message" not in lead.since
    return TimelineEntry(
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
