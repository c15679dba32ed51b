"""Everything once, before anything counts: what a process reads once is there before it forks.

Modules, lists of words and templates took a process that is begun anew longer than all it had to
do; in a run of 3,000 some eighty die at a write.
"""

import random
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.invariants import workers
from tests.invariants.faults import Faults, Weather
from tests.invariants.inquiries import made
from tests.invariants.ledger import Book
from tests.invariants.ours import functions_at
from tests.invariants.shared import Shared
from tests.invariants.site import Site
from tests.invariants.wire import Wire, session
from tests.invariants.workers import Post


@cache
def rehearsed(wire: Wire) -> None:
    """Once a session."""
    site, shared = Site(wire, "rehearsal"), Shared()
    site.build()
    with TemporaryDirectory() as folder:
        home = Path(folder)
        book = Book(home / "said.jsonl")
        faults = Faults(wire, book, book, shared)
        post = Post(site, Weather(), random.Random(0), shared, home, "rehearsal")
        with functions_at(site, session(faults.on_request), shared.shown):
            workers.rehearse(post, made(0, 10))
