"""What a page of a quiet import has founded is worked from now on."""

from collections import Counter

from leadloop.act import Failure
from leadloop.edge import clock
from leadloop.edge.act import act, table
from leadloop.edge.import_files import read_outcomes
from leadloop.edge.wiring import get_wiring
from leadloop.model.command import Command, Release
from leadloop.model.decision import Applied
from leadloop.model.lead import SubmissionOutcome
from leadloop.settings import JourneySettings
from leadloop.store import imports
from leadloop.store.imports import FileImport

BATCH = 20  # leads of one transaction: each has its entry, and perhaps a mail to its owner


def release_page(found: FileImport, number: int) -> Counter[str]:
    """How many leads; who was released already, or is gone, is none of them.

    Raises:
        Busy: some lost every round; the page is to be done again.

    """
    bucket = get_wiring().settings(JourneySettings).PAGES_BUCKET
    rows = read_outcomes(get_wiring().s3, bucket, found.id, number)
    leads = [row.submission_id for row in rows if row.outcome is SubmissionOutcome.LEAD]
    done = sum(_release_batch(found, leads[n : n + BATCH]) for n in range(0, len(leads), BATCH))
    imports.count_released_page(table(), found.id, number, done)
    return Counter(released=done)


def _release_batch(found: FileImport, leads: list[str]) -> int:
    if found.released_by is None:
        raise ValueError(f"nobody has released the import {found.id}")
    results = act(
        [
            Command(
                id=f"{found.id}#{lead_id}",
                actor=found.released_by,
                lead_id=lead_id,
                at=clock.now(),
                action=Release(),
            )
            for lead_id in leads
        ]
    )
    for result in results:
        if isinstance(result, Failure):
            raise result.error
    return sum(isinstance(result, Applied) for result in results)
