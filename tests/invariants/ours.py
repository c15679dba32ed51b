"""The functions, set into a run's world: its AWS, its environment, its clock."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from botocore.session import Session

from leadloop.edge import act, clock, wiring
from leadloop.edge.live_playbook import playbook
from leadloop.edge.wiring import get_wiring
from tests.invariants.site import Site


@contextmanager
def bind_functions(site: Site, session: Session, now: Callable[[], datetime]) -> Iterator[None]:
    """Of this process and of all it forks; their clients, keys and playbook are there already."""
    with pytest.MonkeyPatch.context() as here:
        for name, value in site.environment.items():
            here.setenv(name, value)
        here.setattr(wiring, "get_session", lambda: session)
        here.setattr(clock, "now", now)
        here.setattr(act, "now", now)
        get_wiring.cache_clear()
        act.table()
        playbook()
        wiring_ = get_wiring()
        _ = wiring_.ses, wiring_.lake, wiring_.submissions, wiring_.links_secret
        yield
        get_wiring.cache_clear()
