"""The invariants, each asked of the evidence alone. A finding is a sentence with an id in it."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise

from leadloop.decide.recompute import Comparison
from leadloop.model.delivery import DeliveryState, Purpose
from leadloop.model.events.sales import OwnerChanged
from leadloop.model.events.stored_event import read_details
from leadloop.model.further_lead import FurtherLead
from leadloop.model.lead import Record, SubmissionOutcome
from leadloop.model.lead_id import person_of
from leadloop.model.stored_lead import StoredLead
from tests.invariants.company import EQUALS, LIMITED
from tests.invariants.evidence import Evidence

Findings = Iterator[str]
LEAD, MERGED = SubmissionOutcome.LEAD, SubmissionOutcome.MERGED
PERSON = {"new", "again", "repeat", "conflict"}
STOP_GRACE = 5.0  # seconds
SHARE_MARGIN = 0.0001  # of shares rounded to six digits
STAGES = {  # from the design's table, written down here once more
    "new": {"nurturing", "qualified", "disqualified"},
    "nurturing": {"qualified", "disqualified"},
    "qualified": {"accepted", "nurturing", "disqualified"},
    "accepted": {"converted", "nurturing", "disqualified"},
}
GROUPS = (("first_name", "last_name"), ("company",), ("job_title",), ("phone",), ("email",))


def check_all_have_outcomes(it: Evidence) -> Findings:
    """I1: what was accepted has an outcome, the right one; what has one was sent."""
    for line in it.lines:
        if line.is_accepted and line.id_returned not in it.records:
            yield f"lost: {line.id_returned} ({line.kind}) was answered {line.status}"
        answered = line.status is not None and line.status < 500
        if answered and (line.kind == "refused") != (line.status == 422):
            yield f"answered {line.status}: {line.kind} of {line.canary}"
    for shown in it.looked_up:
        record = it.records.get(shown["id"])
        if record is not None and shown["outcome"] != record.outcome:
            yield f"{record.id} is {record.outcome}, the admin API says {shown['outcome']}"
    yield from _outcomes(it)


def _outcomes(it: Evidence) -> Findings:
    ids = {attempt.derived_id for attempt in it.attempts}
    for record in it.records.values():
        attempt = it.by_sha256.get(record.raw.sha256)
        if record.id.startswith("POISON"):
            continue
        if attempt is None or (attempt.key is not None and record.id not in ids):
            yield f"unexpected: {record.id} is nobody's"
        elif _recorded_end(record) != _expected_end(attempt.kind):
            yield f"{record.id} ({attempt.kind}) became {_recorded_end(record)}"


def _recorded_end(record: Record) -> str:
    if record.outcome in (LEAD, MERGED):
        return "a lead's"
    return f"{record.outcome}({record.reasons[0].code})"


def _expected_end(kind: str) -> str:
    ends = {
        "honeypot": "rejected(honeypot)",
        "unreachable": "quarantined(no_way_to_reach)",
        "refused": "never stored",
    }
    return ends.get(kind, "a lead's")


def check_one_outcome(it: Evidence) -> Findings:
    """I2: over all that the table ever held, a submission has one outcome."""
    for id_, states in it.history.items():
        ends = {(state.outcome, state.lead_id) for state in states if isinstance(state, Record)}
        if len(ends) > 1:
            yield f"{id_} was {sorted(map(str, ends))}"


def check_one_id_per_key(it: Evidence) -> Findings:
    """I3: same key, same id and answer; another body is refused in-line, or kept as a touch."""
    ids, answers = defaultdict(set), defaultdict(set)
    for line in it.lines:
        if line.key is None or not line.is_accepted:
            continue
        ids[line.channel, line.key].add(line.id_returned)
        answers[line.channel, line.key, line.sha256].add((line.status, line.said))
    for (door, key), found in ids.items():
        if len(found) > 1:
            yield f"{door} {key} has {len(found)} ids"
    for (door, key, sha256), said in answers.items():
        if len(said) > 1:
            yield f"{door} {key} {sha256[:8]} was answered in {len(said)} ways"
    for line in it.lines:
        if line.kind == "conflict" and line.channel == "partner" and line.is_accepted:
            record = it.records.get(line.id_returned or "")
            if record is not None and record.raw.sha256 != line.sha256:
                yield f"partner {line.key}: another body was accepted"


def check_one_lead_per_person(it: Evidence) -> Findings:
    """I4: one lead for each person and line, and each field the value that was received first."""
    of_person: dict[str, list[Record]] = defaultdict(list)
    for record in it.records.values():
        attempt = it.by_sha256.get(record.raw.sha256)
        if attempt is not None and attempt.person is not None and record.lead_id:
            of_person[attempt.person].append(record)
    for person, records in of_person.items():
        people = {person_of(record.lead_id or "") for record in records}
        if len(people) != 1:
            yield f"{person} is {len(people)} persons"
            continue
        stored = it.leads.get(people.pop())
        if stored is None:
            yield f"{person}: the lead is gone"
            continue
        for name, first in _first_received(it, records).items():
            found = getattr(stored.person.contact, name)
            if name not in ("phone", "email") and found != first:
                yield f"{person}: {name} is {found!r}, first came {first!r}"
        first_touch = stored.lead.first_touch
        of_lead = [r for r in records if r.lead_id == stored.id]
        if first_touch and first_touch.at != min(r.received_at for r in of_lead):
            yield f"{person}: the first touch is not the first"
    held = {person_of(lead_id) for lead_id in it.leads}
    if len(held) != len(of_person):
        yield f"{len(held)} persons with leads, of {len(of_person)}"
    lines = Counter((each.record.id, each.lead.product_line) for each in it.leads.values())
    yield from (f"{each} has {count} leads" for each, count in lines.items() if count > 1)


def _first_received(it: Evidence, records: list[Record]) -> dict[str, str | None]:
    first: dict[str, str | None] = {}
    for record in sorted(records, key=lambda r: r.received_at):
        said = it.by_sha256[record.raw.sha256].said
        for group in GROUPS:
            if group[0] not in first and any(said.get(name) for name in group):
                first |= {name: said.get(name) for name in group}
    return first


def check_one_owner(it: Evidence) -> Findings:
    """I5: each change of owner names the one before; the pools' books agree with the leads."""
    for lead_id, stored in it.leads.items():
        owner = None
        for change in _owner_changes(it, lead_id):
            if change.before != owner:
                yield f"{lead_id}: owner {owner}, then changed from {change.before}"
            owner = change.owner
        held = stored.lead.assignment
        if owner != (held.rep if held else None):
            yield f"{lead_id}: owned by {held and held.rep}, its story says {owner}"
    held_now = Counter(_owner(stored) for stored in it.leads.values())
    for pool in it.pools.values():
        for rep, load in pool.reps.items():
            if load.open != held_now[rep]:
                yield f"{rep} holds {held_now[rep]}, the book of {pool.id} says {load.open}"


def _owner(stored: StoredLead) -> str | None:
    assignment = stored.lead.assignment
    return assignment.rep if assignment else None


def _owner_changes(it: Evidence, lead_id: str) -> list[OwnerChanged]:
    details = map(read_details, it.events(lead_id))
    return [each for each in details if isinstance(each, OwnerChanged)]


def _assignment_counts(it: Evidence) -> Counter[object]:
    """How many leads each rep was given, by the timelines."""
    return Counter(change.owner for id_ in it.leads for change in _owner_changes(it, id_))


def check_rep_limits(it: Evidence) -> Findings:
    """I6: nobody has more than the limit; with enough asked for, all limits are used up."""
    given = _assignment_counts(it)
    for rep in LIMITED:
        if given[rep] > it.limit:
            yield f"{rep} was given {given[rep]}, {it.limit} is the limit"
    waiting = sum(
        1
        for stored in it.leads.values()
        if stored.lead.assignment
        and stored.lead.assignment.pool == "limited"
        and stored.lead.assignment.rep is None
    )
    total = sum(given[rep] for rep in LIMITED)
    if waiting and total != it.limit * len(LIMITED):
        yield f"{waiting} leads wait, though only {total} were given"


def check_fair_share(it: Evidence) -> Findings:
    """I7: equal reps differ by one at most."""
    given = _assignment_counts(it)
    shares = [given[rep] for rep in EQUALS]
    if max(shares) - min(shares) > 1:
        yield f"equal reps were given {shares}"


def check_sent_once(it: Evidence) -> Findings:
    """I10: nothing twice, nothing shown as sent that was not, nothing after a stop."""
    yield from _sent_twice(it)
    yield from _sent_and_recorded(it)
    yield from _sent_after_stop(it)
    told = {delivery.lead_id for delivery in it.deliveries.values() if delivery.rep}
    for lead_id in it.leads.keys() - told:
        if any(change.owner for change in _owner_changes(it, lead_id)):
            yield f"{lead_id} has an owner who was never told"


def _sent_twice(it: Evidence) -> Findings:
    letters = Counter(mail.delivery for mail in it.mails)
    yield from (f"{id_} was said {n} times" for id_, n in letters.items() if n > 1)
    steps = Counter(
        (delivery.lead_id, delivery.step)
        for mail in it.mails
        if (delivery := it.deliveries[mail.delivery]).purpose is Purpose.NURTURE
    )
    yield from (f"{lead} got {step} {n} times" for (lead, step), n in steps.items() if n > 1)


def _sent_and_recorded(it: Evidence) -> Findings:
    letters = {mail.delivery for mail in it.mails}
    unknown: Counter[str | None] = Counter()
    for delivery in it.deliveries.values():
        told = delivery.id in letters
        match delivery.state:
            case DeliveryState.SENT if not told:
                yield f"{delivery.id} is shown as sent and never was"
            case DeliveryState.UNKNOWN:
                unknown[delivery.detail] += 1
            case DeliveryState.READY | DeliveryState.SENDING | DeliveryState.WAITING:
                yield f"{delivery.id} is still {delivery.state}"
            case DeliveryState.DROPPED | DeliveryState.FAILED if told:
                yield f"{delivery.id} was said, and is shown as {delivery.state}"
    if unknown.total() > (most := it.crashes + it.mails_unsure + it.cut_off):
        yield f"{dict(unknown)} unknown, though only {most} were cut off or without a clear answer"


def _sent_after_stop(it: Evidence) -> Findings:
    for mail in it.mails:
        stopped = it.stops.get(mail.lead)
        marketing = it.deliveries[mail.delivery].purpose is Purpose.NURTURE
        if marketing and stopped is not None and mail.at > stopped + STOP_GRACE:
            yield f"{mail.lead} was written to {mail.at - stopped:.0f} s after the stop"


def check_updates_complete(it: Evidence) -> Findings:
    """I17: versions only grow, no change is missing from the story, every move is in the table.

    What one transaction decides of a lead shows as one step of several versions.
    """
    for id_, states in it.history.items():
        versions = [state.version for state in states]
        if versions != sorted(set(versions)):
            yield f"{id_} went through the versions {versions}"
        if states[-1] not in (it.records.get(id_), *it.further):
            yield f"{id_} is not what was written last"
        for before, after in pairwise([None, *(state for state in states if state.lead)]):
            moves = after.version - (before.version if before else 0) if after else 0
            if after and str(_stage(after)) not in _reached(_stage(before), moves):
                yield f"{id_} went from {_stage(before)} to {_stage(after)}"
    for record in it.records.values():
        if record.outcome is MERGED:
            entries = it.entries[record.lead_id or ""]
            if not any(entry.trigger_id == record.id for entry in entries):
                yield f"{record.id} was merged, and the lead {record.lead_id} knows nothing of it"


def _stage(record: Record | FurtherLead | None) -> str:
    return str(record.lead.stage) if record and record.lead else "new"


def _reached(stage: str, moves: int) -> set[str]:
    found = {stage}
    for _ in range(moves):
        found |= {after for before in found for after in STAGES.get(before, ())}
    return found


def check_raw_bytes(it: Evidence) -> Findings:
    """I19: of all that was accepted the very bytes are there, and are those that were sent."""
    kept: dict[str, set[str]] = defaultdict(set)
    raws = [(record.id, record.raw) for record in it.records.values()]
    touches = (entry for entries in it.entries.values() for entry in entries if entry.raw)
    raws += [(entry.trigger_id.partition("~")[0], entry.raw) for entry in touches if entry.raw]
    for id_, raw in raws:
        body = it.raw_bytes(raw)
        if body is None:
            if not id_.startswith("POISON"):
                yield f"{id_}: the bytes are nowhere"
            continue
        sha256 = hashlib.sha256(body).hexdigest()
        kept[id_].add(sha256)
        if sha256 != raw.sha256:
            yield f"{id_}: the bytes are not those of its sha256"
    for shown in it.looked_up:
        if shown["sha256"] not in kept[shown["id"]]:
            yield f"{shown['id']}: the admin API gives other bytes"
    for line in it.lines:
        if line.is_accepted and line.sha256 not in kept[line.id_returned or ""]:
            yield f"{line.id_returned} ({line.kind}): what was sent is not what is kept"


def check_bad_message_alone(it: Evidence) -> Findings:
    """I22: a message nobody can work on ends in quarantine or parked, and no other with it."""
    for record in it.records.values():
        failed = any(reason.code == "failed" for reason in record.reasons)
        if failed and not record.id.startswith("POISON"):
            yield f"{record.id} was given up beside a poisoned message"
    gone = [each for each in it.poison if not each["junk"]]
    quarantined = [id_ for id_ in it.records if id_.startswith("POISON")]
    if len(quarantined) != len(gone):
        yield f"{len(gone)} without bytes, {len(quarantined)} in quarantine"
    if it.parked != len(it.poison) - len(gone):
        yield f"{len(it.poison) - len(gone)} of junk, {it.parked} parked"


def check_recomputed(it: Evidence) -> Findings:
    """I27: each decision comes out equal, made again from what it saw; turns show their shares."""
    for result in it.recomputed:
        if result.comparison is not Comparison.EQUAL:
            yield f"{result.record_id} version {result.version}: {result.why}"
    for trace in it.traces:
        for turn in trace.turns:
            shares = sum(each.propensity for each in turn.candidates)
            if turn.rep is not None and abs(shares - 1) > SHARE_MARGIN:
                yield f"{trace.trigger.get('id')}: the shares of {turn.pool} sum up to {shares}"


CHECKS: dict[str, Callable[[Evidence], Findings]] = {
    "I1": check_all_have_outcomes,
    "I2": check_one_outcome,
    "I3": check_one_id_per_key,
    "I4": check_one_lead_per_person,
    "I5": check_one_owner,
    "I6": check_rep_limits,
    "I7": check_fair_share,
    "I10": check_sent_once,
    "I17": check_updates_complete,
    "I19": check_raw_bytes,
    "I22": check_bad_message_alone,
    "I27": check_recomputed,
}


def collect_findings(it: Evidence) -> dict[str, list[str]]:
    """What each check has to say; nothing is good."""
    return {name: list(check(it)) for name, check in CHECKS.items()}
