"""What is written of a person and the leads that one trigger changes.

The person's item holds the first lead too. A decision that changes neither does not write it. Where
a further lead is founded it is checked, so that nobody who was erased meanwhile gets one. Later on
the lead's own version is guard enough: all that is said asks the person again.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from leadloop.model.base import Reason
from leadloop.model.event import Event
from leadloop.model.facts import Change, Check
from leadloop.model.further_lead import LineRef
from leadloop.model.lead import Lead, RecordRef
from leadloop.model.lead_id import person_of
from leadloop.model.person import Person
from leadloop.model.stored_lead import StoredLead


class LeadDraft(NamedTuple):
    """A lead as a decision leaves it; with `founding` nothing is stored of it yet."""

    before: StoredLead
    lead: Lead
    why_not: tuple[Reason, ...]
    founding: bool = False
    reasons: tuple[Reason, ...] = ()
    events: tuple[Event, ...] = ()


class LeadWrites(NamedTuple):
    """The items that change, and the check of the person's item if that one does not."""

    changes: tuple[Change, ...]
    checks: tuple[Check, ...]


def write_leads(drafts: Sequence[LeadDraft], person: Person) -> LeadWrites:
    """What is written so that the person and these leads of the person are as they are now."""
    record = drafts[0].before.record
    first = next((each for each in drafts if each.before.further is None), None)
    changes = tuple(_change_further_leads(drafts, person))
    if first is None and person == record.person:
        is_founding = any(each.founding for each in drafts)
        check = Check(RecordRef(record.id), record.version)
        return LeadWrites(changes, (check,) if is_founding else ())
    return LeadWrites((_change_record(first, drafts[0].before, person), *changes), ())


def _change_record(first: LeadDraft | None, before: StoredLead, person: Person) -> Change:
    record, ref = before.record, RecordRef(before.record.id)
    if first is None:
        return Change(ref, record.version, record.but(person=person, version=record.version + 1))
    after = record.but(person=person, lead=first.lead, why_not=first.why_not)
    if first.founding:
        return Change(ref, None, after.but(events=first.events, reasons=first.reasons))
    return Change(ref, record.version, after.but(version=record.version + 1))


def _change_further_leads(drafts: Iterable[LeadDraft], person: Person) -> Iterator[Change]:
    for draft in drafts:
        stored = draft.before.further
        if stored is None:
            continue
        name, company = person.card_names
        after = stored.but(lead=draft.lead, why_not=draft.why_not, name=name, company=company)
        ref = LineRef(person_of(stored.id), draft.lead.product_line)
        if draft.founding:
            yield Change(ref, None, after)
        else:
            yield Change(ref, stored.version, after.but(version=stored.version + 1))
