"""A form with a captcha: whether its token holds is asked first, and weighs, and stops nobody."""

from leadloop.model.base import Reason
from leadloop.model.facts import Facts, RecordRef
from leadloop.model.provider_check import Checked, CheckRef
from leadloop.model.submission import Solved, Submission
from leadloop.quality.captcha import finding


def verified(submission: Submission, solved: Solved, facts: Facts) -> Submission:
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
        return _found(submission, "missing").but(unreadable=(_failed("captcha_missing", text),))
    ref = CheckRef(solved.provider, submission.source, solved.token)
    facts.require(ref)
    answer = facts.check(ref)
    if not isinstance(answer, Checked):
        return _found(submission, "unanswered")
    found = finding(answer.body)
    judged = _found(submission, found).but(checks=(*submission.checks, answer))
    if found != "failed":
        return judged
    text = f"{solved.provider} takes the sender for a machine"
    return judged.but(unreadable=(_failed("captcha_failed", text),))


def _found(submission: Submission, found: str) -> Submission:
    touch = submission.touch
    return submission.but(captcha=None, touch=touch and touch.but(captcha=found))


def _failed(code: str, text: str) -> Reason:
    return Reason(code=code, text=text)
