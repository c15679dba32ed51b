"""Everything once, before anything counts: what a process reads once is there before it forks.

Modules, lists of words and templates took a process that is begun anew longer than all it had to
do; in a run of 3,000 some eighty die at a write.
"""

import random
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.invariants import workers
from tests.invariants.faults import FaultInjector, FaultRates
from tests.invariants.inquiries import build_attempts
from tests.invariants.ledger import JsonLinesFile
from tests.invariants.ours import bind_functions
from tests.invariants.shared import Shared
from tests.invariants.site import Site
from tests.invariants.wire import Wire
from tests.invariants.workers import WorkerContext


@cache
def warm_caches(wire: Wire) -> None:
    """Once a session."""
    site, shared = Site(wire, "rehearsal"), Shared()
    site.build()
    with TemporaryDirectory() as folder:
        home = Path(folder)
        book = JsonLinesFile(home / "said.jsonl")
        faults = FaultInjector(wire, book, book, shared)
        post = WorkerContext(site, FaultRates(), random.Random(0), shared, home, "rehearsal")
        with bind_functions(site, faults.on_request, shared.process_time):
            workers.warm_up_workers(post, build_attempts(0, 10))
