"""What vendors have and we have not: a post that never came is taken in as if it had.

Each vendor that keeps a list is asked for a day's leads, every hour, so that a day of silence is
made good by itself. A lead that came meanwhile is found by its id and is no second one.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from leadloop.edge import alarm, clock, provider_checks
from leadloop.edge.act import table
from leadloop.edge.live_playbook import playbook
from leadloop.edge.problems import Done, attempt
from leadloop.edge.telemetry import taken, tell
from leadloop.edge.wiring import wired
from leadloop.intake.envelope import Envelope, sha256, submission_id
from leadloop.intake.policy import WebhookSource
from leadloop.model.facts import RecordRef
from leadloop.model.submission import Channel
from leadloop.providers.checks import LISTS
from leadloop.providers.lead_list import Asking, Listed
from leadloop.store.read import read

BACK = timedelta(hours=25)
NEWEST = timedelta(minutes=10)  # left to the post itself, which may be on its way
AT_ONCE = 100  # records looked up in one go


def take_in_missing() -> dict[str, int]:
    """How many of each source were missing; one that does not answer holds up no other."""
    missing: Counter[str] = Counter()
    unasked = 0
    for source in playbook().playbook.sources.values():
        if isinstance(source, WebhookSource) and source.format in LISTS and source.forms:
            match attempt(f"Asking for the leads of {source.id}", lambda s=source: _missing(s)):  # type: ignore[misc]
                case Done(count):
                    missing[source.id] = count
                case _:
                    unasked += 1
    if missing.total():
        counts = "\n".join(f"{source}: {count}" for source, count in missing.items() if count)
        alarm.ring(
            f"Not told by: {', '.join(source for source, count in missing.items() if count)}",
            f"These vendors had more leads than they posted; they are taken in now.\n{counts}",
        )
    tell("Asked vendors", {"LeadsMissed": missing.total(), "VendorsUnasked": unasked})
    return dict(missing)


def _missing(source: WebhookSource) -> int:
    """How many were not here, and are in the queue now."""
    now = clock.now()
    asking = Asking(provider_checks.way_out(), source, provider_checks.key)
    listed = LISTS[source.format](asking, now - BACK, now - NEWEST)
    gone = [_envelope(source, lead, now) for lead in _unknown(source, listed)]
    lost = wired().submissions.put_all(gone)
    taken(source.id, *(each.id for n, each in enumerate(gone) if n not in lost))
    if lost:
        raise RuntimeError(f"{len(lost)} of {len(gone)} leads were not taken by the queue")
    return len(gone)


def _unknown(source: WebhookSource, listed: Iterable[Listed]) -> Iterator[Listed]:
    leads = iter(listed)
    while some := tuple(islice(leads, AT_ONCE)):
        refs = {lead.id: RecordRef(submission_id(source.id, lead.id)) for lead in some}
        known = read(table(), refs.values())
        yield from (lead for lead in some if known[refs[lead.id]] is None)


def _envelope(source: WebhookSource, lead: Listed, now: datetime) -> Envelope:
    return Envelope(
        id=submission_id(source.id, lead.id),
        source=source.id,
        channel=Channel.WEBHOOK,
        received_at=now,
        sha256=sha256(lead.post),
        size=len(lead.post),
        body=lead.post,
        key=lead.id,
        content_type="application/json",
    )
