"""A lead that its vendor only named: what the vendor says of it comes before any judgement."""

from datetime import datetime, timedelta

from leadloop.decide.lead.change_set import without_changes
from leadloop.intake.policy import WebhookSource
from leadloop.model.base import Reason
from leadloop.model.decision import Decision, Postponed
from leadloop.model.facts import Facts, RecordRef
from leadloop.model.provider_check import CheckRef, ProviderAnswer, ProviderFailure
from leadloop.model.submission import Fetch, Submission
from leadloop.playbook.compiled import CompiledPlaybook

# Shorter than its message is tried (five times, six minutes apart), so that the last try still
# finds it: then a person looks at what nobody could fetch.
FETCH_RETRY_WINDOW = timedelta(minutes=20)


def add_vendor_details(
    submission: Submission, fetch: Fetch, facts: Facts, book: CompiledPlaybook, now: datetime
) -> Submission | Decision:
    """The submission with its details, or in doubt for want of them, or put off for a while."""
    stored, ref = RecordRef(submission.id), CheckRef(fetch.provider, submission.source, fetch.id)
    facts.require(stored, ref)  # in one go: a decision may ask four times, and has more to ask
    if facts.record(stored) is not None:
        return submission.but(fetch=None)
    source = book.source(submission.source)
    match facts.check(ref):
        case ProviderAnswer() as answer if isinstance(source, WebhookSource):
            # Every function decides; only who works off submissions has to read one.
            from leadloop.intake.webhooks.read import complete_submission  # noqa: PLC0415

            return complete_submission(submission, answer, source)
        case ProviderFailure(passing=True, why=why) if (
            now - submission.received_at < FETCH_RETRY_WINDOW
        ):
            return without_changes(Postponed(why=f"{fetch.provider} {why}"), book, now)
        case ProviderFailure(why=why):
            text = f"{fetch.provider} named this lead and then {why}"
        case _:
            text = f"“{submission.source}” is no webhook of ours any more"
    return submission.but(fetch=None, unreadable=(Reason(code="not_fetched", text=text),))
