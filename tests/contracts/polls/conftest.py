from collections.abc import Iterator

import pytest
import time_machine

from tests.contracts.polls.polling import FEED, NOON, Site, publish_sources
from tests.contracts.servers import serve_http
from tests.functions.aws_fixture import AwsFixture, open_aws_fixture


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    made = Site()
    with serve_http(made.answer) as gateway, open_aws_fixture(monkeypatch) as home:
        monkeypatch.setenv("OUTBOUND_GATEWAY", gateway)
        made.home = home  # type: ignore[attr-defined]
        publish_sources(home, fair=FEED)
        yield made


@pytest.fixture
def home(site: Site) -> AwsFixture:
    return site.home  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def traveller() -> Iterator[None]:
    """The queue has a clock too, and forgets what is old."""
    with time_machine.travel(NOON, tick=True) as Site.clock:
        yield
