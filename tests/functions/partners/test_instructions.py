"""The posting instructions are made from the playbook, so what they show is what happens."""

import json
import re
import shlex
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from tests.functions.aws_fixture import AwsFixture
from tests.functions.partners.door import api_key_of, call_partner_api, json_body, publish_partners
from tests.functions.partners.test_formats import MAPPED

CONSENT = {"version": "1", "text": "Yes.", "purposes": ["marketing"], "required": True}
PARTNERS: dict[str, dict[str, Any]] = {
    "plain": {"required": ["email"], "key_field": "ref"},
    "mapped": MAPPED,
    "nested": {
        "required": ["person.phones[0].number"],
        "fields": {
            "person.name": "contact.name",
            "person.phones[0].number": "contact.phone",
            "join(', ', wishes[*].name)": "interest.message",
        },
    },
    "asks-consent": {"required": ["email"], "consent": CONSENT},
}
BLOCK = re.compile(r"```sh\n(.*?)\n```", re.DOTALL)
STATUS = re.compile(r"^\| (\d{3}) \|", re.MULTILINE)


TITLES = {
    "plain": ["JSON", "Name-value pairs", "Lines of name=value", "ADF 1.0"],
    "mapped": ["JSON", "Name-value pairs", "Lines of name=value", "ADF 1.0", "XML of your own"],
    "asks-consent": ["JSON", "Name-value pairs", "Lines of name=value"],
}


def text(context: LambdaContext, partner: str) -> str:
    headers: dict[str, Any] = {"x_api_key": api_key_of(partner), "Accept": "text/markdown"}
    answer = call_partner_api(context, "GET", "/v1/instructions", **headers)
    assert answer["statusCode"] == 200
    return str(answer["body"])


def posted(context: LambdaContext, partner: str, block: str) -> dict[str, Any]:
    """The command as a shell would run it."""
    command, _, document = block.partition("<<'LEAD'\n")
    words = shlex.split(command.replace("\\\n", " "))
    address, query = words[1].partition("?")[::2]
    headers = dict(w.split(": ", 1) for w in words if re.match(r"[\w-]+: ", w))
    headers["x-api-key"] = api_key_of(partner)
    mode = dict([query.split("=")])
    path = "/v1/" + address.rpartition("/v1/")[2]
    body = document.removesuffix("LEAD")
    return call_partner_api(context, "POST", path, body, mode, **headers)


def test_every_example_that_is_shown_is_taken_as_it_stands(
    home: AwsFixture, context: LambdaContext
) -> None:
    publish_partners(home, **PARTNERS)
    for partner in PARTNERS:
        blocks = BLOCK.findall(text(context, partner))
        assert blocks
        for block in blocks:
            answer = posted(context, partner, block)
            assert (answer["statusCode"], json_body(answer)["outcome"]) == (201, "lead"), answer[
                "body"
            ]
            assert "ignored" not in json_body(answer)
    assert home.records() == []


def test_each_format_that_can_carry_what_is_required_is_shown(
    home: AwsFixture, context: LambdaContext
) -> None:
    publish_partners(home, **PARTNERS)
    for partner, titles in TITLES.items():
        found = re.findall(r"^## (.*)$", text(context, partner), re.MULTILINE)
        assert found == ["Fields", *titles, "Answers"]


def test_every_answer_that_is_promised_is_given(home: AwsFixture, context: LambdaContext) -> None:
    publish_partners(home, **PARTNERS)
    lead = {"email": "rosa@pumpen.example", "last_name": "Marín"}
    given = {}

    def post(body: object, key: str = "k", partner: str = "plain", **more: str) -> None:
        sent = body if isinstance(body, str) else json.dumps(body)
        headers: dict[str, Any] = {"x_api_key": api_key_of(partner), "Idempotency_Key": key, **more}
        answer = call_partner_api(context, "POST", "/v1/leads", sent, **headers)
        given[answer["statusCode"]] = answer

    post(lead)
    post({**lead, "message": "again"}, key="k2")
    post({**lead, "message": "other body"})
    post({"phone": "12", "last_name": "M"}, key="k3", partner="haus")
    post({"email": "x@mailinator.com"}, key="k4")
    post("{")
    post(" " * 200_000)
    post(lead, partner="nobody")
    given[405] = call_partner_api(context, "GET", "/v1/leads", x_api_key=api_key_of("plain"))
    assert given[405]["statusCode"] == 405
    elsewhere = {429, 503}  # the gateway's, and a lost race: other tests have them
    assert set(given) | elsewhere == {int(s) for s in STATUS.findall(text(context, "plain"))}
    outcomes = {
        s: json_body(a).get("outcome") for s, a in given.items() if "outcome" in json_body(a)
    }
    assert outcomes == {201: "lead", 200: "merged", 202: "quarantined", 422: "rejected"}


def test_the_page_says_the_same_and_runs_nothing(home: AwsFixture, context: LambdaContext) -> None:
    evil = {"fields": {"<script>alert(1)</script>": "contact.email"}, "required": []}
    publish_partners(home, evil=evil)
    page = call_partner_api(context, "GET", "/v1/instructions", x_api_key=api_key_of("evil"))
    assert page["multiValueHeaders"]["Content-Type"][0].startswith("text/html")
    assert "<script" not in page["body"]
    assert "&lt;script&gt;" in page["body"]
    assert "https://leads.example.com/v1/leads?test=1" in page["body"].replace("&amp;", "&")


def test_nobody_reads_another_partners_instructions(
    home: AwsFixture, context: LambdaContext
) -> None:
    publish_partners(home, **PARTNERS)
    assert (
        call_partner_api(context, "GET", "/v1/instructions", x_api_key="made up")["statusCode"]
        == 403
    )
    assert call_partner_api(context, "GET", "/v1/instructions")["statusCode"] == 403
    assert "phones" not in text(context, "plain")
