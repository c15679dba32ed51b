import json
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from capture.handler import handler
from engage.handler import handler as engage
from leadloop.model.lead import RecordRef
from leadloop.model.visitor import VisitorRef
from qualify.handler import handler as qualify
from tests.functions.aws_fixture import (
    AwsFixture,
    batch_failures,
    http_event,
    reset_caches,
    sqs_event,
)

BROWSER = "Zm9yIHRlc3RzIG9ubHkgMQ_-"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36"
ADA = {"email": "ada@lovelace.example", "consent": True, "submission_key": "page-1"}


def seen(
    *ids: str, signal: str = "visit", visitor: object = BROWSER, **more: Any
) -> dict[str, Any]:
    events = [{"id": id_, "signal": signal, **more} for id_ in ids]
    return {"visitor": visitor, "events": events}


def tell(context: LambdaContext, said: object, agent: str = CHROME) -> dict[str, Any]:
    body = said if isinstance(said, str) else json.dumps(said)
    return handler(
        http_event("POST", "/b", body, user_agent=agent, content_type="text/plain"), context
    )


def worked_off(home: AwsFixture, context: LambdaContext) -> None:
    for queue, worker in (("signals", engage), ("submissions", qualify)):
        for message in home.receive_messages(queue):
            assert worker(sqs_event(json.dumps(message)), context) == batch_failures()


def test_a_visit_waits_with_the_browser_and_joins_who_fills_in_a_form_there(
    home: AwsFixture, context: LambdaContext
) -> None:
    answer = tell(context, seen("a", "b", page="https://aqua.example/pumps?mail=ada#x"))
    assert answer["statusCode"] == 204
    assert answer["multiValueHeaders"]["Access-Control-Allow-Origin"] == ["*"]
    worked_off(home, context)
    assert len(home.read_entity(VisitorRef(BROWSER)).touches) == 2
    form = json.dumps({**ADA, "visitor_id": BROWSER})
    posted = handler(
        http_event("POST", "/f/contact", form, content_type="application/json"), context
    )
    worked_off(home, context)
    person = home.read_entity(RecordRef(json.loads(posted["body"])["submission_id"])).person
    assert [touch.signal for touch in person.touchpoints] == ["visit", "visit"]
    tell(context, seen("b", "c"))
    worked_off(home, context)
    person = home.read_entity(RecordRef(json.loads(posted["body"])["submission_id"])).person
    assert len(person.touchpoints) == 3


def test_a_pages_query_is_not_kept(home: AwsFixture, context: LambdaContext) -> None:
    tell(context, seen("a", page="https://aqua.example/pumps?mail=ada@lovelace.example#x"))
    (message,) = home.receive_messages("signals")
    assert message["detail"] == "https://aqua.example/pumps"


def test_a_robot_counts_for_nothing(home: AwsFixture, context: LambdaContext) -> None:
    for agent in ("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", ""):
        tell(context, seen("a"), agent)
    worked_off(home, context)
    assert home.read_entity(VisitorRef(BROWSER)) is None
    assert home.items() == []


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (seen("a", visitor="short"), 422),
        (seen("a", visitor=7), 422),
        (seen(), 422),
        (seen(*map(str, range(21))), 422),
        (seen("a", signal="unsubscribe"), 422),
        (seen("a", signal="bounce"), 422),
        ({**seen("a"), "lead_id": "X"}, 422),
        ('{"visitor": ', 400),
        ("[" * 2000 + '"visitor"', 400),
        (seen("a", page="/\ud800"), 400),
        (json.dumps(seen("a")) + " " * 4096, 413),
    ],
)
def test_what_is_no_visit_is_refused_and_kept_nowhere(
    home: AwsFixture, context: LambdaContext, said: object, status: int
) -> None:
    assert tell(context, said)["statusCode"] == status
    assert home.receive_messages("signals") == []


def test_the_script_is_served_and_serving_it_tells_nothing(
    home: AwsFixture, context: LambdaContext
) -> None:
    answer = handler(http_event("GET", "/b"), context)
    assert (answer["statusCode"], home.receive_messages("signals")) == (200, [])
    assert answer["multiValueHeaders"]["Content-Type"] == ["text/javascript; charset=utf-8"]
    assert "sendBeacon" in answer["body"]


def test_a_queue_that_is_gone_is_no_204(home: AwsFixture, context: LambdaContext) -> None:
    home.aws.sqs.delete_queue(QueueUrl=home.queues["signals"])
    assert tell(context, seen("a"))["statusCode"] == 503


def test_a_form_with_a_strange_visitor_is_a_form_all_the_same(
    home: AwsFixture, context: LambdaContext
) -> None:
    for visitor in ("x", 7, None, "a" * 65, "ö" * 30):
        body = json.dumps({**ADA, "visitor_id": visitor})
        posted = handler(
            http_event("POST", "/f/contact", body, content_type="application/json"), context
        )
        assert posted["statusCode"] == 202
    worked_off(home, context)
    reset_caches()
    assert not [item for item in home.items() if item["pk"]["S"].startswith("VISITOR#")]
