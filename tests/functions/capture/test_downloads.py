from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from capture.handler import handler
from leadloop.content.links import Links
from leadloop.content.policy import DownloadOffer
from leadloop.playbook.versions import stamp_version
from tests.functions.aws_fixture import LINKS_SECRET, PLAYBOOK, AwsFixture, http_event

LEAD, DELIVERY = "L" * 26, f"{'L' * 26}#1"
OFFER = DownloadOffer(id="guide", kind="download", file="guide.pdf", template="guide")
NOW = datetime.now(UTC)


def fetch(context: LambdaContext, offer: str, until: datetime) -> Any:
    token = Links(LINKS_SECRET).download(LEAD, DELIVERY, offer, until)
    return handler(http_event("GET", f"/d/{token}"), context)


@pytest.fixture
def promising(home: AwsFixture) -> AwsFixture:
    home.publish(stamp_version(PLAYBOOK.but(offers={"guide": OFFER})))
    return home


def test_a_link_that_is_good_leads_to_the_file_for_a_minute(
    promising: AwsFixture, context: LambdaContext
) -> None:
    answer = fetch(context, "guide", NOW + timedelta(days=1))
    assert answer["statusCode"] == 302
    target = urlsplit(answer["multiValueHeaders"]["Location"][0])
    assert target.path.endswith("/assets/guide.pdf")
    assert parse_qs(target.query)["response-content-disposition"] == [
        'attachment; filename="guide.pdf"'
    ]


def test_it_tells_of_a_touch_that_counts_for_nothing(
    promising: AwsFixture, context: LambdaContext
) -> None:
    fetch(context, "guide", NOW + timedelta(days=1))
    (signal,) = promising.receive_messages("signals")
    assert (signal["signal"], signal["confirmed"]) == ("download", False)


def test_an_expired_link_says_so_and_leads_nowhere(
    promising: AwsFixture, context: LambdaContext
) -> None:
    answer = fetch(context, "guide", NOW - timedelta(seconds=5))
    assert answer["statusCode"] == 410
    assert "This link has expired" in answer["body"]


def test_an_offer_that_the_playbook_has_no_longer_leads_nowhere(
    promising: AwsFixture, context: LambdaContext
) -> None:
    assert fetch(context, "gone", NOW + timedelta(days=1))["statusCode"] == 400


def test_a_click_token_fetches_nothing(promising: AwsFixture, context: LambdaContext) -> None:
    token = Links(LINKS_SECRET).click(LEAD, DELIVERY, "https://x.example/")
    assert handler(http_event("GET", f"/d/{token}"), context)["statusCode"] == 400
