"""A lead that its vendor only named: the vendor's details come before any judgement."""

from datetime import timedelta

from leadloop.decide.submissions.case import SubmissionCase
from leadloop.intake.policy import WebhookSource
from leadloop.model.base import Reason
from leadloop.model.decision import Decision, Postponed
from leadloop.model.lead import RecordRef
from leadloop.model.provider_check import CheckRef, ProviderAnswer, ProviderFailure

# Shorter than its message is tried (five times, six minutes apart), so that the last try still
# finds it: then a person looks at what nobody could fetch.
FETCH_RETRY_WINDOW = timedelta(minutes=20)


def add_vendor_details(case: SubmissionCase) -> SubmissionCase | Decision | None:
    """The case with the vendor's details; postponed or in doubt where the vendor has none."""
    submission, fetch = case.submission, case.submission.fetch
    if fetch is None:
        return None
    ref = CheckRef(fetch.provider, submission.source, fetch.id)
    # In one go: a decision may ask a few times only, and has more to ask.
    erasure_refs = () if case.inquiry.erasure_ref is None else (case.inquiry.erasure_ref,)
    case.facts.require(RecordRef(submission.id), ref, *erasure_refs)
    if case.stored is not None or case.is_erased_already:
        return case.with_submission(submission.but(fetch=None))
    source = case.inquiry.source
    match case.facts.check(ref):
        case ProviderAnswer() as answer if isinstance(source, WebhookSource):
            # Every function decides; only who works off submissions has to read one.
            from leadloop.intake.webhooks.read import complete_submission  # noqa: PLC0415

            return case.with_submission(complete_submission(submission, answer, source))
        case ProviderFailure(passing=True, why=why) if (
            case.now - submission.received_at < FETCH_RETRY_WINDOW
        ):
            return case.build_decision(Postponed(why=f"{fetch.provider} {why}"))
        case ProviderFailure(why=why):
            text = f"{fetch.provider} named this lead and then {why}"
        case _:
            text = f"“{submission.source}” is no webhook of ours any more"
    doubt = Reason(code="not_fetched", text=text)
    return case.with_submission(submission.but(fetch=None, unreadable=(doubt,)))
