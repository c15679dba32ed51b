"""What vendors have and we have not: a post that never came is taken in as if it had.

Each vendor that keeps a list is asked for a day's leads, every hour, so that a day of silence is
made good by itself. A lead that came meanwhile is found by its id and is no second one.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from leadloop.edge import alarm, clock, provider_checks
from leadloop.edge.act import table
from leadloop.edge.live_playbook import playbook
from leadloop.edge.problems import AttemptSuccess, attempt
from leadloop.edge.telemetry import log_call, record_accepted
from leadloop.edge.wiring import get_wiring
from leadloop.intake.envelope import Envelope, submission_id
from leadloop.intake.policy import WebhookSource
from leadloop.model.facts import RecordRef
from leadloop.model.submission import Channel
from leadloop.providers.checks import LEAD_LISTERS
from leadloop.providers.lead_list import ListedLead, VendorSession
from leadloop.store.read import read

LOOK_BACK = timedelta(hours=25)
POST_GRACE = timedelta(minutes=10)  # left to the post itself, which may be on its way
BATCH_SIZE = 100  # records looked up in one go


def fetch_missing_leads() -> dict[str, int]:
    """How many of each source were missing; one that does not answer holds up no other."""
    missing: Counter[str] = Counter()
    unasked = 0
    for source in playbook().playbook.sources.values():
        if isinstance(source, WebhookSource) and source.format in LEAD_LISTERS and source.forms:
            what = f"Asking for the leads of {source.id}"
            match attempt(what, partial(_queue_missing, source)):
                case AttemptSuccess(count):
                    missing[source.id] = count
                case _:
                    unasked += 1
    if missing.total():
        counts = "\n".join(f"{source}: {count}" for source, count in missing.items() if count)
        alarm.notify_operators(
            f"Not told by: {', '.join(source for source, count in missing.items() if count)}",
            f"These vendors had more leads than they posted; they are taken in now.\n{counts}",
        )
    log_call("Asked vendors", {"LeadsMissed": missing.total(), "VendorsUnasked": unasked})
    return dict(missing)


def _queue_missing(source: WebhookSource) -> int:
    """How many were not here, and are in the queue now."""
    now = clock.now()
    asking = VendorSession(provider_checks.outbound_client(), source, provider_checks.vendor_key)
    listed = LEAD_LISTERS[source.format](asking, now - LOOK_BACK, now - POST_GRACE)
    gone = [_build_envelope(source, lead, now) for lead in _unknown_leads(source, listed)]
    lost = get_wiring().submissions.put_all(gone)
    record_accepted(source.id, *(each.id for n, each in enumerate(gone) if n not in lost))
    if lost:
        raise RuntimeError(f"{len(lost)} of {len(gone)} leads were not taken by the queue")
    return len(gone)


def _unknown_leads(source: WebhookSource, listed: Iterable[ListedLead]) -> Iterator[ListedLead]:
    leads = iter(listed)
    while some := tuple(islice(leads, BATCH_SIZE)):
        refs = {lead.id: RecordRef(submission_id(source.id, lead.id)) for lead in some}
        known = read(table(), refs.values())
        yield from (lead for lead in some if known[refs[lead.id]] is None)


def _build_envelope(source: WebhookSource, lead: ListedLead, now: datetime) -> Envelope:
    return Envelope.of(
        source.id, Channel.WEBHOOK, lead.post, lead.id, now, content_type="application/json"
    )
