"""The functions, set into a run's world: its AWS, its environment, its clock."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from leadloop.edge import act, clock
from leadloop.edge.live_playbook import playbook
from leadloop.edge.wiring import get_wiring
from tests.functions.aws_fixture import name_operation
from tests.invariants.site import Site
from tests.invariants.wire import build_session

OnRequest = Callable[..., AWSResponse]


class HookedHttp:
    """Calls that no client makes end where those of clients do."""

    def __init__(self, on_request: OnRequest) -> None:
        self._on_request = on_request

    def send(self, request: AWSPreparedRequest) -> AWSResponse:
        return self._on_request(request, event_name=f"before-send.{name_operation(request)}")


@contextmanager
def bind_functions(
    site: Site, on_request: OnRequest, now: Callable[[], datetime]
) -> Iterator[None]:
    """Of this process and of all it forks; their clients, keys and playbook are there already."""
    with pytest.MonkeyPatch.context() as here:
        for name, value in site.environment.items():
            here.setenv(name, value)
        here.setattr(clock, "now", now)
        here.setattr(act, "now", now)
        get_wiring.cache_clear()
        wiring_ = get_wiring()
        wiring_._session, wiring_._http = build_session(on_request), HookedHttp(on_request)
        act.table()
        playbook()
        _ = wiring_.ses, wiring_.lake, wiring_.submissions, wiring_.links_secret
        yield
        get_wiring.cache_clear()
