"""A vendor tries its webhook out with a lead that is none."""

from leadloop.decide.submissions.case import SubmissionCase
from leadloop.model.base import Reason
from leadloop.model.decision import Decision
from leadloop.model.lead import Record
from leadloop.model.submission import Channel

TEST_REASON = Reason(code="test", text="the vendor marks it as a test")


def record_vendor_test(case: SubmissionCase) -> Decision | None:
    """Store a vendor's test under its id, without an event: nothing counts it."""
    if not (case.submission.test and case.submission.channel is Channel.WEBHOOK):
        return None
    decision = case.reject(TEST_REASON)
    silent = tuple(
        change._replace(after=change.after.but(events=(), contact=None))
        if isinstance(change.after, Record)
        else change
        for change in decision.changes
    )
    return decision._replace(changes=silent, events=())
