"""Leads: the work list, one lead with its timeline, and the actions of a person on it."""

from typing import Annotated, Any, NamedTuple

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header, Query

from admin.commands import run_command
from admin.roles import Right
from admin.routes import (
    PAGE_SIZE,
    VERB,
    Cursor,
    Limit,
    Routes,
    describe_request,
    get_record,
    get_stored_lead,
    refuse_unknown_value,
)
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
from leadloop.model.events.catalogue import fill_defaults
from leadloop.model.stored_lead import StoredLead
from leadloop.store import queries, recent_leads
from leadloop.store.leads import read_person_leads

LEADS = "/admin/v1/leads"
LEAD_PATH = f"{LEADS}/<lead_id>"
WORK = "/admin/v1/work"
OPPORTUNITY = "/admin/v1/opportunities/<opportunity_id>"
LONGEST_VERSION = 18  # digits
IfMatch = Annotated[
    str | None, Header(alias="If-Match", description="The ETag the change is based on, or *")
]

routes = Routes()


class ActionRoute(NamedTuple):
    """One thing a person does: the last part of its address, its command, its summary."""

    verb: str
    action: type[Action]
    summary: str

    @property
    def extensions(self) -> dict[str, Any] | None:
        """The description of the body; None: the action has no fields of its own."""
        has_fields = self.action.model_fields.keys() != {VERB}
        return describe_request(self.action) if has_fields else None


LEAD_ACTIONS = (
    ActionRoute("accept", Accept, "Take the lead on"),
    ActionRoute(
        "answer",
        Answer,
        "What the person asked is answered; by its owner, or whoever's list it waits in",
    ),
    ActionRoute("reject", Reject, "Hand the lead back, with a reason of the playbook"),
    ActionRoute("convert", Convert, "Make it an opportunity; the value in cents"),
    ActionRoute("disqualify", Disqualify, "Take the lead out of work, with a reason"),
    ActionRoute("release", Release, "Work a lead that was kept quiet, as it stands"),
)
OPPORTUNITY_ACTIONS = (
    ActionRoute("won", Win, "The opportunity is won; the value in cents"),
    ActionRoute("lost", Lose, "The opportunity is lost, with a reason"),
)


@routes.get(
    WORK,
    summary="What to do next: your own leads and your pool's queue together; the best comes first",
)
def get_work(limit: Limit = PAGE_SIZE) -> WorkItems:
    """Who has asked something and waits, longest first; then by score, then by age."""
    rep = routes.actor_for(Right.WORK).id
    pool = playbook().pool_of(rep)
    own_cards = queries.rep_list(table(), rep, limit).rows
    queued = queries.queue_list(table(), pool, limit).rows if pool else ()
    cards = sorted((*own_cards, *queued), key=queries.worklist_order)
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
        page = queries.queue_list(table(), queue, limit, cursor)
        pools = playbook().playbook.pools
        refuse_unknown_value("queue", queue, pools, found=bool(page.rows or cursor))
        return WorkItems.of(page)
    if owner is None and actor.role != "sales":
        return WorkItems.of(recent_leads.recent_leads(table(), limit, cursor))
    page = queries.rep_list(table(), owner or actor.id, limit, cursor)
    refuse_unknown_value("owner", owner, playbook().reps(), found=bool(page.rows or cursor))
    return WorkItems.of(page)


@routes.get(LEAD_PATH, summary="One lead as it stands; its version is the ETag")
def get_lead(lead_id: str) -> Response[LeadView]:
    routes.permit(Right.READ)
    return _lead_response(get_stored_lead(lead_id))


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
    return _lead_response(get_stored_lead(lead_id))


@routes.get(
    f"{LEAD_PATH}/timeline",
    summary="What happened and what was said to the person, in all lines, newest first",
)
def get_timeline(lead_id: str, cursor: Cursor = None, limit: Limit = PAGE_SIZE) -> Timeline:
    routes.permit(Right.READ)
    stored = get_stored_lead(lead_id)
    page = queries.timeline(table(), lead_id, limit, cursor)
    deliveries = queries.deliveries(table(), lead_id, limit).rows if cursor is None else ()
    oldest = () if page.cursor else (_founding_entry(stored),)
    entries = tuple(
        entry.but(events=tuple(map(fill_defaults, entry.events)), trace=None)
        for entry in (*page.rows, *oldest)
    )
    return Timeline(entries=entries, deliveries=deliveries, next=page.cursor)


def _add_lead_route(row: ActionRoute) -> None:
    @routes.post(
        f"{LEAD_PATH}/{row.verb}",
        summary=row.summary,
        operation_id=f"{row.verb}_admin_v1_leads__lead_id__{row.verb}_post",
        openapi_extensions=row.extensions,
    )
    def run_action(lead_id: str, if_match: IfMatch = None) -> Applied:
        actor = routes.actor_for(Right.WORK)
        expected = None if if_match is None else _version(if_match)
        return run_command(actor, lead_id, routes.body(row.action), expected)


def _add_opportunity_route(row: ActionRoute) -> None:
    @routes.post(
        f"{OPPORTUNITY}/{row.verb}",
        summary=row.summary,
        operation_id=f"{row.verb}_admin_v1_opportunities__opportunity_id__{row.verb}_post",
        openapi_extensions=row.extensions,
    )
    def close_opportunity(opportunity_id: str) -> Applied:
        actor = routes.actor_for(Right.WORK)
        stored = get_stored_lead(opportunity_id.rpartition("-")[0])
        current = stored.lead.opportunity
        if current is None or current.id != opportunity_id:
            raise NotFound(opportunity_id)
        # The version that was read makes sure that the opportunity is still the current one.
        return run_command(actor, stored.id, routes.body(row.action), expected=stored.version)


for _row in LEAD_ACTIONS:
    _add_lead_route(_row)
for _row in OPPORTUNITY_ACTIONS:
    _add_opportunity_route(_row)


def _lead_response(stored: StoredLead) -> Response[LeadView]:
    headers = {"ETag": f'"{stored.version}"'}
    leads = read_person_leads(table(), [stored.id], playbook().lines)[stored.record.id]
    reasons = get_record(stored.founded_by).reasons if stored.further else stored.record.reasons
    view = LeadView.of(stored, reasons, leads, playbook())
    return Response(200, "application/json", view, headers)


def _founding_entry(stored: StoredLead) -> TimelineEntry:
    """The oldest entry, with the person's message, unless that came with a later submission.

    It is the person's: what founded a further lead is an entry of the timeline.
    """
    record, lead = stored.record, stored.record.lead
    has_message = lead is not None and "interest.message" not in lead.since
    return TimelineEntry(
        note=lead.interest.message if lead and has_message else None,
        lead_id=record.id,
        at=record.decided_at,
        trigger_id=record.id,
        events=record.events,
        touch=lead.first_touch if lead else None,
    )


def _version(if_match: str) -> int | None:
    """The version that an If-Match header names; None: any version. Source: RFC 9110, 13.1.1."""
    if if_match == "*":
        return None
    quoted = if_match.removeprefix("W/").strip('"')
    if not quoted.isdecimal() or len(quoted) > LONGEST_VERSION:
        text = 'If-Match: is the ETag of a GET, such as "3"'
        raise FieldsInvalid((Reason(code="if_match", text=text),))
    return int(quoted)
