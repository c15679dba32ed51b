import json
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from capture.handler import handler
from leadloop.content import link_pages
from leadloop.content.links import Links
from leadloop.model.consent import SuppressionRef
from tests.functions.aws_fixture import LINKS_SECRET, AwsFixture, http_event

LEAD = "L" * 26
DELIVERY = f"{LEAD}#1"
TARGET = "https://aqua.example/pumps?a=1"
PERSON = "ada@lovelace.example"


@pytest.fixture
def links() -> Links:
    return Links(LINKS_SECRET)


def call(context: LambdaContext, method: str, path: str, body: str | None = None) -> Any:
    return handler(http_event(method, path, body, content_type="application/json"), context)


def location(answer: dict[str, Any]) -> str:
    return answer["multiValueHeaders"]["Location"][0]


def test_a_click_goes_to_its_target_and_tells_of_an_unconfirmed_touch(
    home: AwsFixture, context: LambdaContext, links: Links
) -> None:
    token = links.click(LEAD, DELIVERY, TARGET)
    answer = call(context, "GET", f"/t/{token}")
    assert answer["statusCode"] == 302
    assert location(answer) == f"{TARGET}&ll={token}"
    (signal,) = home.receive_messages("signals")
    assert (signal["signal"], signal["lead_id"], signal["confirmed"]) == ("click", LEAD, False)


def test_a_person_gets_where_the_link_leads_even_when_nobody_can_be_told(
    home: AwsFixture, context: LambdaContext, links: Links
) -> None:
    home.aws.sqs.delete_queue(QueueUrl=home.queues["signals"])
    click, opened = links.click(LEAD, DELIVERY, TARGET), links.open(LEAD, DELIVERY)
    assert call(context, "GET", f"/t/{click}")["statusCode"] == 302
    assert call(context, "GET", f"/o/{opened}")["statusCode"] == 200
    assert call(context, "POST", "/b", click)["statusCode"] == 503


@pytest.mark.parametrize("token", ["nonsense", "https:%2F%2Fevil.example", "a.b"])
def test_an_unknown_token_leads_nowhere(
    home: AwsFixture, context: LambdaContext, token: str
) -> None:
    answer = call(context, "GET", f"/t/{token}")
    assert answer["statusCode"] == 400
    assert "Location" not in answer["multiValueHeaders"]
    assert home.receive_messages("signals") == []


def test_a_token_is_good_for_its_own_purpose_only(
    home: AwsFixture, context: LambdaContext, links: Links
) -> None:
    token = links.open(LEAD, DELIVERY)
    assert call(context, "GET", f"/t/{token}")["statusCode"] == 400
    assert call(context, "POST", f"/u/{token}")["statusCode"] == 400


def test_an_open_is_a_picture_and_an_unconfirmed_touch(
    home: AwsFixture, context: LambdaContext, links: Links
) -> None:
    answer = call(context, "GET", f"/o/{links.open(LEAD, DELIVERY)}")
    assert answer["statusCode"] == 200
    assert answer["isBase64Encoded"] is True
    assert answer["multiValueHeaders"]["Content-Type"] == ["image/gif"]
    (signal,) = home.receive_messages("signals")
    assert (signal["signal"], signal["confirmed"]) == ("open", False)


def test_an_unknown_picture_is_a_picture_too_and_tells_nothing(
    home: AwsFixture, context: LambdaContext
) -> None:
    assert call(context, "GET", "/o/nonsense")["statusCode"] == 200
    assert home.receive_messages("signals") == []


@pytest.mark.parametrize("as_json", [True, False])
def test_the_landing_pages_script_confirms_a_click_once(
    home: AwsFixture, context: LambdaContext, links: Links, as_json: bool
) -> None:
    token = links.click(LEAD, DELIVERY, TARGET)
    for _ in range(2):
        answer = call(context, "POST", "/b", json.dumps({"token": token}) if as_json else token)
        assert answer["statusCode"] == 204
    first, second = home.receive_messages("signals")
    assert first["id"] == second["id"]
    assert (first["signal"], first["confirmed"]) == ("click", True)


@pytest.mark.parametrize("body", ["", "{}", '{"token": 7}', "{broken", "x" * 5000, "é", "[1]"])
def test_a_beacon_without_a_token_of_ours_is_refused(
    home: AwsFixture, context: LambdaContext, body: str
) -> None:
    assert call(context, "POST", "/b", body)["statusCode"] == 400
    assert home.receive_messages("signals") == []


@pytest.fixture
def stop(home: AwsFixture, links: Links) -> str:
    return links.unsubscribe(LEAD, DELIVERY, home.table.keys.address_hash(PERSON))


def test_looking_at_the_preferences_changes_nothing(
    home: AwsFixture, context: LambdaContext, stop: str
) -> None:
    answer = call(context, "GET", f"/u/{stop}")
    assert answer["statusCode"] == 200
    assert 'method="post"' in answer["body"].lower()
    assert home.items() == []
    assert home.receive_messages("signals") == []


def test_unsubscribing_is_done_when_it_says_so_and_twice_is_once(
    home: AwsFixture, context: LambdaContext, stop: str
) -> None:
    for _ in range(2):
        assert (
            call(context, "POST", f"/u/{stop}", "List-Unsubscribe=One-Click")["statusCode"] == 200
        )
    assert home.read_entity(SuppressionRef(PERSON, "marketing")).why == "unsubscribe"
    assert len(home.items()) == 1
    first, second = home.receive_messages("signals")
    assert first["id"] == second["id"]
    assert (first["signal"], first["confirmed"]) == ("unsubscribe", True)


def test_s21_opening_a_confirmation_changes_nothing_and_the_button_confirms_once(
    home: AwsFixture, context: LambdaContext, links: Links
) -> None:
    token = links.confirm(LEAD, DELIVERY)
    for method in ("GET", "HEAD", "GET"):
        call(context, method, f"/c/{token}")
    answer = call(context, "GET", f"/c/{token}")
    assert answer["statusCode"] == 200
    assert '<form method="post">' in answer["body"]
    assert home.receive_messages("signals") == []
    assert home.items() == []
    for _ in range(2):
        assert call(context, "POST", f"/c/{token}", "do=confirm")["statusCode"] == 200
    first, second = home.receive_messages("signals")
    assert first["id"] == second["id"] == f"confirm:{DELIVERY}"
    assert (first["signal"], first["confirmed"]) == ("confirm", True)


def test_s21_another_token_confirms_nothing(
    home: AwsFixture, context: LambdaContext, links: Links, stop: str
) -> None:
    for token in (stop, links.open(LEAD, DELIVERY), links.confirm(LEAD, DELIVERY)[:-1], "x.y"):
        for method in ("GET", "POST"):
            assert call(context, method, f"/c/{token}")["statusCode"] == 400
    assert home.receive_messages("signals") == []


def test_pages_run_no_script_and_are_kept_by_nobody(
    home: AwsFixture, context: LambdaContext, stop: str
) -> None:
    headers = call(context, "GET", f"/u/{stop}")["multiValueHeaders"]
    policy = headers["Content-Security-Policy"][0]
    assert "default-src 'none'" in policy
    assert f"style-src {link_pages.STYLE_SOURCE};" in policy
    assert headers["Cache-Control"] == ["no-store"]
