"""What a submission's decision will need to know, as far as that shows without deciding.

It is read before, so that a batch is decided once. It is a guess: the decision itself asks for all
that it needs.
"""

from collections.abc import Iterator

from leadloop.decide.submissions.case import SubmissionCase
from leadloop.model.account import AccountRef
from leadloop.model.lead import RecordRef
from leadloop.model.pool import PoolRef
from leadloop.model.reference import AnyRef

MOST_POOLS = 20  # of the routes; of more, most would be read in vain


def guess_refs(case: SubmissionCase) -> Iterator[AnyRef]:
    """The first facts; once they are known, what they make likely to be asked next."""
    if case.submission.fetch is not None:
        return  # only its vendor knows who it is
    first_refs = tuple(case.first_refs())
    yield from first_refs
    if all(ref in case.facts.known for ref in first_refs) and case.stored is None:
        yield from _guess_next_refs(case)


def _guess_next_refs(case: SubmissionCase) -> Iterator[AnyRef]:
    """The leads of the same person; for a new person the company, and the pools of all routes."""
    if not case.is_inquiry:
        return
    holders = [claim for ref in case.claim_refs if (claim := case.facts.get(ref)) is not None]
    yield from (RecordRef(claim.lead_id) for claim in holders)
    if holders or case.source.subscribes or case.submission.past is not None:
        return
    if case.company is not None:
        yield AccountRef(case.company)
    pools = case.book.routes.pools
    if len(pools) <= MOST_POOLS:
        yield from map(PoolRef, pools)
