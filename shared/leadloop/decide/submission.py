"""An inquiry: a new lead, a touch of a known one, or a reason why it is neither.

The order of the checks is the table `STAGES`. A new check is a row in it.
"""

from collections.abc import Callable

from leadloop.decide.lead.context import DecisionContext
from leadloop.decide.submissions.captcha import verify_captcha
from leadloop.decide.submissions.case import SubmissionCase
from leadloop.decide.submissions.erasure_request import quarantine_erasure_request
from leadloop.decide.submissions.inquiry import Inquiry
from leadloop.decide.submissions.new_lead import create_lead
from leadloop.decide.submissions.repeat import answer_repeat
from leadloop.decide.submissions.replay import keep_if_unchanged, merge_replay
from leadloop.decide.submissions.reply import merge_reply
from leadloop.decide.submissions.same_person import merge_same_person
from leadloop.decide.submissions.screening import (
    quarantine_doubtful,
    reject_refused,
    reject_trapped,
    stop_unreachable,
)
from leadloop.decide.submissions.vendor_fetch import add_vendor_details
from leadloop.decide.submissions.vendor_test import record_vendor_test
from leadloop.model.decision import Decision

# The decision, the case as it is known better now, or None: the next stage is asked.
Stage = Callable[[SubmissionCase], Decision | SubmissionCase | None]

STAGES: tuple[Stage, ...] = (
    add_vendor_details,
    verify_captcha,
    SubmissionCase.read_first_facts,
    answer_repeat,
    record_vendor_test,
    merge_replay,
    reject_trapped,
    quarantine_erasure_request,
    reject_refused,
    quarantine_doubtful,
    merge_reply,
    stop_unreachable,
    merge_same_person,
    create_lead,
)
# What these decide stands, for a test and a replay too.
FINAL_STAGES = frozenset({add_vendor_details, answer_repeat, record_vendor_test})


def decide(inquiry: Inquiry, context: DecisionContext) -> Decision:
    """The submission's one outcome; a second copy of it gets the first one's answer."""
    case = SubmissionCase.open(inquiry, context)
    for stage in STAGES:
        result = stage(case)
        if isinstance(result, Decision):
            if stage in FINAL_STAGES:
                return result
            decision = keep_if_unchanged(case, result)
            return decision._replace(changes=()) if case.submission.test else decision
        if result is not None:
            case = result
    raise ValueError(f"no stage decided on the submission {inquiry.submission.id}")
