"""A form with a captcha: its provider is asked first, and a failed one is held for a person."""

from leadloop.decide.submissions.case import SubmissionCase
from leadloop.model.base import Reason
from leadloop.model.lead import RecordRef
from leadloop.model.provider_check import CheckRef, ProviderAnswer
from leadloop.model.submission import Submission
from leadloop.quality.captcha import parse_captcha_result


def verify_captcha(case: SubmissionCase) -> SubmissionCase | None:
    """The case with the captcha's result on its touch; one that failed is in doubt.

    A provider that gave no answer is a fact like another: the submission goes on.
    """
    submission, captcha = case.submission, case.submission.captcha
    if captcha is None:
        return None
    if submission.unreadable:
        return case.with_submission(submission.but(captcha=None))
    case.facts.require(RecordRef(submission.id))  # by itself: a token is good for one look
    if case.stored is not None:
        return case.with_submission(submission.but(captcha=None))
    if not captcha.token:
        doubt = Reason(code="captcha_missing", text="the form's captcha was not even seen")
        return case.with_submission(_with_result(submission, "missing", doubt))
    ref = CheckRef(captcha.provider, submission.source, captcha.token)
    case.facts.require(ref)
    answer = case.facts.check(ref)
    if not isinstance(answer, ProviderAnswer):
        return case.with_submission(_with_result(submission, "unanswered"))
    result = parse_captcha_result(answer.body)
    text = f"{captcha.provider} takes the sender for a machine"
    doubts = (Reason(code="captcha_failed", text=text),) if result == "failed" else ()
    checked = _with_result(submission, result, *doubts)
    return case.with_submission(checked.but(checks=(*submission.checks, answer)))


def _with_result(submission: Submission, result: str, *doubts: Reason) -> Submission:
    touch = submission.touch
    return submission.but(
        captcha=None, touch=touch and touch.but(captcha=result), unreadable=doubts
    )
