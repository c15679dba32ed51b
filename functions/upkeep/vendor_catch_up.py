"""Every hour, each vendor that lists its leads is asked for those that it never posted.

It is asked for the last day, so that a day of silence repairs itself. A lead whose post came
meanwhile is found by its id, and does not become a second lead.
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
from leadloop.model.lead import RecordRef
from leadloop.model.submission import Channel
from leadloop.providers.checks import VENDOR_APIS
from leadloop.providers.vendor_api import LeadListing, ListedLead, VendorSession
from leadloop.store.read import read

LOOK_BACK = timedelta(hours=25)
POST_GRACE = timedelta(minutes=10)  # a younger lead's post may still be on its way
BATCH_SIZE = 100  # records looked up in one go


def fetch_missing_leads() -> dict[str, int]:
    """How many leads of each source were missing and are in the queue now.

    A vendor that does not answer does not hold up the others.
    """
    missing: Counter[str] = Counter()
    unasked = 0
    for source in playbook().playbook.sources.values():
        if isinstance(source, WebhookSource) and source.forms and (listing := _listing(source)):
            what = f"Asking for the leads of {source.id}"
            match attempt(what, partial(_queue_missing, source, listing)):
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


def _listing(source: WebhookSource) -> LeadListing | None:
    api = VENDOR_APIS.get(source.format)
    return api.list_leads if api else None


def _queue_missing(source: WebhookSource, listing: LeadListing) -> int:
    """How many leads of this source were missing and are in the queue now."""
    now = clock.now()
    session = VendorSession(provider_checks.outbound_client(), source, provider_checks.vendor_key)
    listed = listing(session, now - LOOK_BACK, now - POST_GRACE)
    envelopes = [_build_envelope(source, lead, now) for lead in _unknown_leads(source, listed)]
    rejected = get_wiring().submissions.put_all(envelopes)
    record_accepted(source.id, *(each.id for n, each in enumerate(envelopes) if n not in rejected))
    if rejected:
        raise RuntimeError(f"{len(rejected)} of {len(envelopes)} leads were not taken by the queue")
    return len(envelopes)


def _unknown_leads(source: WebhookSource, listed: Iterable[ListedLead]) -> Iterator[ListedLead]:
    leads = iter(listed)
    while batch := tuple(islice(leads, BATCH_SIZE)):
        refs = {lead.id: RecordRef(submission_id(source.id, lead.id)) for lead in batch}
        known = read(table(), refs.values())
        yield from (lead for lead in batch if known[refs[lead.id]] is None)


def _build_envelope(source: WebhookSource, lead: ListedLead, now: datetime) -> Envelope:
    return Envelope.of(
        source.id, Channel.WEBHOOK, lead.post, lead.id, now, content_type="application/json"
    )
