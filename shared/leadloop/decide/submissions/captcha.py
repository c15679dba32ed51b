"""A form with a captcha: whether its token holds is asked first, and weighs, and stops nobody."""

from leadloop.model.base import Reason
from leadloop.model.facts import Facts, RecordRef
from leadloop.model.provider_check import CheckRef, ProviderAnswer
from leadloop.model.submission import CaptchaToken, Submission
from leadloop.quality.captcha import parse_captcha_result


def verify_captcha(submission: Submission, solved: CaptchaToken, facts: Facts) -> Submission:
    """With what was found on its touch; who failed is held back for a person to look at.

    A provider that gave no answer is a fact like another: the submission goes on.
    """
    if submission.unreadable:
        return submission.but(captcha=None)
    stored = RecordRef(submission.id)
    facts.require(stored)  # by itself, since a token is good for one look
    if facts.record(stored) is not None:
        return submission.but(captcha=None)
    if not solved.token:
        text = "the form's captcha was not even seen"
        return _with_captcha_result(submission, "missing").but(
            unreadable=(_captcha_reason("captcha_missing", text),)
        )
    ref = CheckRef(solved.provider, submission.source, solved.token)
    facts.require(ref)
    answer = facts.check(ref)
    if not isinstance(answer, ProviderAnswer):
        return _with_captcha_result(submission, "unanswered")
    found = parse_captcha_result(answer.body)
    judged = _with_captcha_result(submission, found).but(checks=(*submission.checks, answer))
    if found != "failed":
        return judged
    text = f"{solved.provider} takes the sender for a machine"
    return judged.but(unreadable=(_captcha_reason("captcha_failed", text),))


def _with_captcha_result(submission: Submission, found: str) -> Submission:
    touch = submission.touch
    return submission.but(captcha=None, touch=touch and touch.but(captcha=found))


def _captcha_reason(code: str, text: str) -> Reason:
    return Reason(code=code, text=text)
