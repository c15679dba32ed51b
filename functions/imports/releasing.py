"""Release the leads that a page of a quiet import has founded: they are worked from now on."""

from collections import Counter

from leadloop.act import Failure
from leadloop.edge import clock
from leadloop.edge.act import act, table
from leadloop.edge.import_files import read_outcomes
from leadloop.edge.wiring import get_wiring
from leadloop.model.command import Command, Release
from leadloop.model.decision import Applied
from leadloop.model.lead import SubmissionOutcome
from leadloop.store import imports
from leadloop.store.imports import FileImport

BATCH = 20  # leads of one transaction: each has its entry, and perhaps a mail to its owner


def release_page(file_import: FileImport, number: int) -> Counter[str]:
    """How many leads were released; a lead that was released before, or is gone, does not count.

    Raises:
        Busy: some lost every round; the page is to be done again.

    """
    rows = read_outcomes(get_wiring().pages, file_import.id, number)
    leads = [row.submission_id for row in rows if row.outcome is SubmissionOutcome.LEAD]
    done = sum(
        _release_batch(file_import, leads[n : n + BATCH]) for n in range(0, len(leads), BATCH)
    )
    imports.count_released_page(table(), file_import.id, number, done)
    return Counter(released=done)


def _release_batch(file_import: FileImport, leads: list[str]) -> int:
    if file_import.released_by is None:
        raise ValueError(f"nobody has released the import {file_import.id}")
    results = act(
        [
            Command(
                id=f"{file_import.id}#{lead_id}",
                actor=file_import.released_by,
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
