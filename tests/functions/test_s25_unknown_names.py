"""S25: names that we do not know are refused by an API, and kept by a public door."""

import json
from typing import Any

import pytest
from aws_lambda_powertools.event_handler.api_gateway import Route
from aws_lambda_powertools.utilities.typing import LambdaContext

from admin.handler import app as admin_app
from admin.replays import refuse_unknown_filter
from capture.handler import app as capture_app
from capture.handler import handler as capture
from leadloop.content.links import Links
from leadloop.edge.live_playbook import playbook
from leadloop.intake.envelope import Envelope
from leadloop.intake.read import read_or_raise
from leadloop.intake.replay import Filter
from leadloop.model.lead import SubmissionOutcome
from leadloop.model.signal import Signal
from partners.handler import app as partner_app
from tests.functions.admin.desk import Desk
from tests.functions.aws_fixture import LINKS_SECRET, AwsFixture, http_event
from tests.functions.partners.door import api_key_of, call_partner_api, json_body, publish_partners

PERSON = json.dumps({"email": "ines@werft.example", "last_name": "Costa"})
ACCEPTED_HEADERS = (
    "Idempotency-Key", "IDEMPOTENCY-KEY", "if-match", "If-None-Match", "If-Modified-Since",
    "If-Unmodified-Since", "If-Range", "If", "Content-MD5", "X-Api-Key", "X-Request-Id",
    "X-Forwarded-For", "X-Amzn-Trace-Id", "X-Lead-Source", "X-Loop", "Traceparent", "Priority",
    "Sec-Fetch-Site", "Upgrade-Insecure-Requests", "Idle-Timeout", "Cache-Control", "Via",
)  # fmt: skip
MISSPELT_HEADERS = (
    "Idempotancy-Key", "Idempotency_Key", "IdempotencyKey", "Idempotent-Key", "X-Idempotency-Key",
    "Idempotency-Keys", "Idempotency", "Idempontecy-Key", "If_Match", "IfMatch", "If-Mach",
    "If-Mtach", "X-If-Match", "X-Leadloop-Test", "X_Leadloop_Key", "XLeadloop-Source",
    "X-Lead-Loop-Test", "X-Leedloop-Test",
)  # fmt: skip


def api_routes() -> list[tuple[str, str]]:
    """Each route of both APIs, its path values filled in."""
    found = []
    for app in (admin_app, partner_app):
        routes: list[Route] = app._static_routes + app._dynamic_routes
        found += [
            (route.method, "".join("x" if n % 2 else part for n, part in enumerate(parts)))
            for route in routes
            if "/v1/" in route.path
            for parts in [route.path.replace("<", "\0").replace(">", "\0").split("\0")]
        ]
    return found


@pytest.mark.parametrize(("method", "path"), api_routes())
def test_s25_no_route_of_an_api_takes_a_query_name_it_does_not_know(
    home: AwsFixture, context: LambdaContext, desk: Desk, method: str, path: str
) -> None:
    query = {"lmit": "3"}
    if path.startswith("/admin"):
        answer = desk.call(method, path, query=query)
    else:
        answer = call_partner_api(context, method, path, query=query)
    assert answer["statusCode"] == 422
    (fault,) = json.loads(answer["body"])["errors"]
    assert fault["text"].startswith("lmit: is not known in the query here; known are ")


def test_s25_the_known_query_names_are_named(desk: Desk) -> None:
    answer = desk.get("/admin/v1/leads", query={"ownr": "ida"})
    assert "known are cursor, limit, owner, queue" in answer["body"]
    exports = desk.get("/admin/v1/exports/leads.jsonl", query={"Limit": "5"})
    assert "known are cursor, limit" in exports["body"]


def test_s25_a_partner_reads_which_names_its_post_takes(
    home: AwsFixture, context: LambdaContext
) -> None:
    publish_partners(home)
    key = api_key_of("haus")
    for name in ("tst", "Test", "dry_run"):
        answer = call_partner_api(context, "POST", "/v1/leads", PERSON, {name: "1"}, x_api_key=key)
        assert answer["statusCode"] == 422
        assert "known are test" in answer["body"]
    assert home.records() == []
    right = call_partner_api(context, "POST", "/v1/leads", PERSON, {"test": "1"}, x_api_key=key)
    assert right["statusCode"] == 201


@pytest.mark.parametrize("name", MISSPELT_HEADERS)
def test_s25_a_misspelt_header_of_ours_is_refused_and_the_known_ones_named(
    home: AwsFixture, context: LambdaContext, desk: Desk, name: str
) -> None:
    event = http_event("POST", "/v1/leads", PERSON, x_api_key=api_key_of("haus"))
    event["headers"][name] = "abc"
    from partners.handler import handler  # noqa: PLC0415

    publish_partners(home)
    answer = handler(event, context)
    assert answer["statusCode"] == 422
    assert f"{name}: is no header of ours; known are Idempotency-Key, If-Match" in answer["body"]
    assert home.records() == []


@pytest.mark.parametrize("name", ACCEPTED_HEADERS)
def test_s25_every_other_header_passes(home: AwsFixture, context: LambdaContext, name: str) -> None:
    from partners.handler import handler  # noqa: PLC0415

    publish_partners(home)
    event = http_event("POST", "/v1/leads", PERSON, content_type="application/json")
    event["headers"] = {**event["headers"], name: "abc", "x-api-key": api_key_of("haus")}
    if name == "X-Api-Key":
        del event["headers"][name]
    assert handler(event, context)["statusCode"] == 201


def test_s25_a_misspelt_header_of_the_admin_api_changes_nothing(desk: Desk) -> None:
    lead = desk.create_lead()
    answer = desk.call("PATCH", f"/admin/v1/leads/{lead}", {"company": "X"}, If__Match='"1"')
    assert answer["statusCode"] == 422


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("DELETE", "/v1/leads", "POST"),
        ("GET", "/v1/leads", "POST"),
        ("PUT", "/v1/submissions/ABC", "GET, HEAD"),
        ("OPTIONS", "/v1/imports", "POST"),
        ("DELETE", "/admin/v1/playbook", "GET, HEAD, POST"),
        ("PUT", "/admin/v1/leads/ABC", "GET, HEAD, PATCH"),
        ("GET", "/admin/v1/leads/ABC/accept", "POST"),
        ("POST", "/admin/v1/openapi.json", "GET, HEAD"),
        ("DELETE", "/f/contact", "GET, HEAD, OPTIONS, POST"),
        ("PUT", "/hooks/portal", "GET, HEAD, POST"),
        ("POST", "/t/token", "GET, HEAD"),
        ("GET", "/nothing", None),
        ("POST", "/v1/lead", None),
        ("GET", "/admin/v1/nothing", None),
    ],
)
def test_s25_a_known_path_with_a_wrong_method_is_405_and_names_the_right_ones(
    home: AwsFixture, context: LambdaContext, desk: Desk, method: str, path: str, allow: str | None
) -> None:
    if path.startswith("/admin"):
        answer = desk.call(method, path)
    elif path.startswith("/v1"):
        answer = call_partner_api(context, method, path)
    else:
        answer = capture(http_event(method, path), context)
    assert answer["statusCode"] == (404 if allow is None else 405)
    assert answer["multiValueHeaders"].get("Allow") == (None if allow is None else [allow])
    assert answer["multiValueHeaders"]["Content-Type"] == ["application/problem+json"]


def test_s25_head_answers_as_get_without_a_body(
    home: AwsFixture, context: LambdaContext, desk: Desk
) -> None:
    lead = desk.create_lead()
    for path in ("/admin/v1/playbook", f"/admin/v1/leads/{lead}", "/admin/v1/leads/none"):
        assert_head_is_get(desk.get(path), desk.call("HEAD", path))
    for path in ("/b", "/f/contact", "/o/token", "/t/token"):
        get, head = (capture(http_event(method, path), context) for method in ("GET", "HEAD"))
        assert_head_is_get(get, head)
    docs = [call_partner_api(context, method, "/v1/docs") for method in ("GET", "HEAD")]
    assert_head_is_get(*docs)


def assert_head_is_get(get: dict[str, Any], head: dict[str, Any]) -> None:
    assert get["body"]
    assert (head["body"], head["isBase64Encoded"]) == ("", False)
    assert head["statusCode"] == get["statusCode"]
    names = {"Date"}
    assert {k: v for k, v in head["multiValueHeaders"].items() if k not in names} == {
        k: v for k, v in get["multiValueHeaders"].items() if k not in names
    }


def test_s25_every_route_of_a_public_door_passes_unknown_names(
    home: AwsFixture, context: LambdaContext
) -> None:
    routes: list[Route] = capture_app._static_routes + capture_app._dynamic_routes
    for route in routes:
        path = route.path.replace("<", "").replace(">", "")
        event = http_event(route.method, path, "{}", content_type="application/json")
        event["queryStringParameters"] = {"whatever": "1"}
        event["headers"]["If_Match"] = "x"
        assert "unknown_" not in (capture(event, context)["body"] or "")


def test_s25_a_problem_names_the_key_that_was_misspelt_once(desk: Desk) -> None:
    answer = desk.get("/admin/v1/playbook", query={"a": "1", "b": "2"})
    assert [each["code"] for each in json_body(answer)["errors"]] == ["unknown_query"] * 2


@pytest.mark.parametrize(
    ("path", "query", "known"),
    [
        ("/admin/v1/leads", {"owner": "idda"}, "bo, ida"),
        ("/admin/v1/leads", {"queue": "fields"}, "field"),
        ("/admin/v1/quarantine", {"source": "portl"}, "portal"),
        ("/admin/v1/quarantine", {"parser": "adff/1"}, "adf/<number>"),
        ("/admin/v1/quarantine", {"parser": "adf"}, "adf/<number>"),
        ("/admin/v1/quarantine", {"since": "yesterday"}, "since"),
        ("/admin/v1/leads", {"limit": "many"}, "limit"),
    ],
)
def test_s25_a_filter_value_that_nobody_knows_is_refused(
    desk: Desk, path: str, query: dict[str, str], known: str
) -> None:
    answer = desk.get(path, query=query)
    assert answer["statusCode"] == 422
    assert known in answer["body"]


def test_s25_a_replay_of_a_reader_that_never_was_is_refused(desk: Desk) -> None:
    answer = desk.post("/admin/v1/replays", {"parser": "lables/4"})
    assert answer["statusCode"] == 422


def test_s25_known_filter_values_pass_though_nothing_is_there(desk: Desk) -> None:
    for path, query in (
        ("/admin/v1/leads", {"owner": "bo"}),
        ("/admin/v1/leads", {"queue": "field"}),
        ("/admin/v1/quarantine", {"source": "portal", "parser": "adf/1"}),
    ):
        assert json_body(desk.get(path, query=query))["rows"] == []


def test_s25_a_form_keeps_what_stands_in_its_query(
    home: AwsFixture, context: LambdaContext
) -> None:
    person = json.dumps({"email": "ines@werft.example", "consent": True})
    event = http_event("POST", "/f/contact", person, content_type="application/json")
    event["queryStringParameters"] = {"cor": "azul", "utm_source": "feira", "lang": "pt"}
    assert capture(event, context)["statusCode"] == 202
    (message,) = home.receive_messages("submissions")
    envelope = Envelope.model_validate(message)
    (submission,) = read_or_raise(
        envelope, envelope.body or b"", playbook().playbook.sources["contact"]
    )
    assert submission.ignored == ("?cor=azul",)
    assert submission.touch is not None
    assert submission.touch.utm_source == "feira"


def test_s25_a_reason_that_nothing_has_is_refused_and_the_known_ones_named(desk: Desk) -> None:
    answer = desk.get("/admin/v1/quarantine", query={"reason": "no_lables"})
    assert answer["statusCode"] == 422
    (fault,) = json.loads(answer["body"])["errors"]
    assert fault["code"] == "unknown_value"
    assert "“no_lables” is not known; known are addressee, " in fault["text"]
    assert "no_labels" in fault["text"]


@pytest.mark.parametrize(
    ("wanted", "known"), [({"source": "porta"}, "portal"), ({"reason": "no_lables"}, "no_labels")]
)
def test_s25_a_replay_refuses_a_source_or_a_reason_that_is_not_known(
    desk: Desk, wanted: dict[str, str], known: str
) -> None:
    answer = desk.post("/admin/v1/replays", wanted)
    assert answer["statusCode"] == 422
    (fault,) = json.loads(answer["body"])["errors"]
    assert known in fault["text"]


def test_s25_the_reasons_of_leads_are_those_of_a_playbook(home: AwsFixture) -> None:
    refuse_unknown_filter(Filter(reason="fit-company", outcome=SubmissionOutcome.LEAD))


@pytest.mark.parametrize("way", ["click", "open", "page of a click", "visit"])
def test_s25_what_a_person_does_keeps_the_names_in_its_query(
    home: AwsFixture, context: LambdaContext, way: str
) -> None:
    links = Links(LINKS_SECRET)
    lead = "L" * 26
    token = links.click(lead, f"{lead}#1", "https://aqua.example/pumps")
    visit = {"visitor": "v" * 24, "events": [{"id": "e1", "signal": "visit", "page": "/"}]}
    method, path, body = {
        "click": ("GET", f"/t/{token}", None),
        "open": ("GET", f"/o/{links.open(lead, f'{lead}#1')}", None),
        "page of a click": ("POST", "/b", token),
        "visit": ("POST", "/b", json.dumps(visit)),
    }[way]
    event = http_event(method, path, body, content_type="application/json")
    event["queryStringParameters"] = {"cor": "azul", "ines@werft.example": "1"}
    assert capture(event, context)["statusCode"] in (200, 204, 302)
    (message,) = home.receive_messages("signals")
    signal = Signal.model_validate(message)
    assert signal.ignored == ("?cor", "?…")  # no address of a person
    assert "azul" not in json.dumps(message)
