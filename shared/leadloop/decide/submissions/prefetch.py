"""What a submission's decision will need to know, as far as that shows without deciding.

It is read before, so that a batch is decided once. It is a guess: the decision itself asks for all
that it needs.
"""

from collections.abc import Iterable, Iterator

from leadloop.decide.submissions.inquiry import Inquiry
from leadloop.model.account import AccountRef
from leadloop.model.facts import Facts
from leadloop.model.lead import RecordRef
from leadloop.model.pool import PoolRef
from leadloop.model.reference import AnyRef
from leadloop.model.stored_lead import person_refs

MOST_POOLS = 20  # of the routes; of more, most would be read in vain


def guess_refs(inquiry: Inquiry, facts: Facts) -> Iterable[AnyRef]:
    """The first facts; once they are known, what they make likely to be asked next."""
    if inquiry.submission.fetch is not None:
        return ()  # only its vendor knows who it is
    if facts.known.keys() >= set(inquiry.first_refs):
        return _guess_next_refs(inquiry, facts)
    return inquiry.first_refs


def _guess_next_refs(inquiry: Inquiry, facts: Facts) -> Iterator[AnyRef]:
    """All leads of the same person; for a new person the company, and the pools of all routes."""
    submission = inquiry.submission
    if facts.get(RecordRef(submission.id)) is not None or not inquiry.is_genuine:
        return
    holders = [claim for ref in inquiry.claim_refs if (claim := facts.get(ref)) is not None]
    for claim in holders:
        yield from person_refs(claim.lead_id, inquiry.book.lines)
    if holders or inquiry.source.subscribes or submission.past is not None:
        return
    if inquiry.company is not None:
        yield AccountRef(inquiry.company)
    pools = inquiry.book.routes.pools
    if len(pools) <= MOST_POOLS:
        yield from map(PoolRef, pools)
