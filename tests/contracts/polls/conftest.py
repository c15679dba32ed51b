from collections.abc import Iterator

import pytest
import time_machine

from tests.contracts.polls.polling import FEED, NOON, Site, publish
from tests.contracts.servers import web
from tests.functions.aws_fixture import House, house


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    made = Site()
    with web(made.answer) as gateway, house(monkeypatch) as home:
        monkeypatch.setenv("OUTBOUND_GATEWAY", gateway)
        made.home = home  # type: ignore[attr-defined]
        publish(home, fair=FEED)
        yield made


@pytest.fixture
def home(site: Site) -> House:
    return site.home  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def traveller() -> Iterator[None]:
    """The queue has a clock too, and forgets what is old."""
    with time_machine.travel(NOON, tick=True) as Site.clock:
        yield
