"""Whatever format a partner posts in, it is the same lead."""

from typing import Any
from urllib.parse import urlencode

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from leadloop.intake.text.media_types import FORM_URLENCODED
from leadloop.model.lead import RecordRef
from tests.functions.aws_fixture import AwsFixture
from tests.functions.partners.door import api_key_of, call_partner_api, json_body, publish_partners

MAPPED = {
    "required": ["mail"],
    "fields": {
        "mail": "contact.email",
        "nachname": "contact.last_name",
        "firma": "contact.company",
        "leute": "interest.employees",
        "baujahr": "fields.built",
    },
    "key_field": "ref",
    "xml": {
        "fields": {
            "/anfrage/person/mail": "contact.email",
            "/anfrage/person/@name": "contact.last_name",
            "/anfrage/firma": "contact.company",
            "/anfrage/leute": "interest.employees",
            "//antwort[@frage='baujahr']": "fields.built",
        },
        "key": "/anfrage/@ref",
    },
}
VALUES = {
    "mail": "rosa@pumpen.example",
    "nachname": "Marín",
    "firma": "Marín & Töchter",
    "leute": "1,200",
    "baujahr": "1998",
    "ref": "R-1",
}
XML = """<?xml version="1.0"?>
<anfrage ref="R-1" xmlns="urn:portal">
  <person name="Marín"><mail>rosa@pumpen.example</mail></person>
  <firma>Marín &amp; Töchter</firma><leute>1,200</leute>
  <antwort frage="farbe">rot</antwort><antwort frage="baujahr">1998</antwort>
</anfrage>"""
ADF = """<?adf version="1.0"?><adf><prospect><id source="x">R-1</id><customer><contact>
<name part="last">Marín</name><name part="full" type="business">Marín &amp; Töchter</name>
<email>rosa@pumpen.example</email></contact></customer></prospect></adf>"""
LINES = "\r\n".join(f"{name} = {value}" for name, value in VALUES.items())
BODIES = [
    (FORM_URLENCODED, urlencode(VALUES)),
    ("text/plain; charset=utf-8", LINES),
    ("text/xml", XML),
]


@pytest.fixture
def post(home: AwsFixture, context: LambdaContext) -> Any:
    publish_partners(home, portal24=MAPPED)

    def post(content_type: str, body: str, key: str | None = None) -> dict[str, Any]:
        headers: dict[str, Any] = {
            "content_type": content_type,
            "x_api_key": api_key_of("portal24"),
        }
        more: dict[str, Any] = {} if key is None else {"Idempotency_Key": key}
        return call_partner_api(context, "POST", "/v1/leads", body, **headers, **more)

    return post


@pytest.mark.parametrize(("content_type", "body"), BODIES, ids=["pairs", "lines", "xml"])
def test_the_same_lead_comes_out_of_every_format(
    home: AwsFixture, post: Any, content_type: str, body: str
) -> None:
    answer = post(content_type, body)
    assert answer["statusCode"] == 201
    record = home.read_entity(RecordRef(json_body(answer)["lead_id"]))
    contact, lead = record.person.contact, record.lead
    assert (contact.email, contact.last_name) == ("rosa@pumpen.example", "Marín")
    assert (contact.company, lead.interest.employees) == ("Marín & Töchter", 1200)
    assert lead.fields == {"built": "1998"}


@pytest.mark.parametrize(
    ("content_type", "body"), [*BODIES, ("text/xml", ADF)], ids=["pairs", "lines", "xml", "adf"]
)
def test_the_partners_own_id_serves_as_the_key_in_every_format(
    home: AwsFixture, post: Any, content_type: str, body: str
) -> None:
    first, second = post(content_type, body), post(content_type, body)
    assert first["body"] == second["body"]
    assert len(home.records()) == 1


REFUSED = [
    ("text/plain", "mail=a@b.example\nnonsense", 400, "line 2 is not name=value"),
    ("text/plain", "mail=a@b.example\nmail=c@d.example", 400, "a second time"),
    ("text/plain", "nachname=M", 422, "mail: is required"),
    ("text/xml", "<anfrage><person name='M'/></anfrage>", 422, "/anfrage/person/mail: is req"),
    (
        "text/xml",
        "<anfrage><person><mail>a@b.example</mail><mail>c@d.example</mail></person></anfrage>",
        422,
        "stands there 2 times",
    ),
    ("text/xml", "<anfrage><person>", 400, "line 1"),
    ("text/xml", "<!DOCTYPE a [<!ENTITY x 'y'>]><anfrage>&x;</anfrage>", 400, "DOCTYPE"),
    ("text/xml", "<anfrage>" * 9_000 + "</anfrage>" * 9_000, 400, "no XML"),
    ("image/png", "x", 400, "text/plain"),
    (FORM_URLENCODED, '{"mail": "a@b.example"}', 400, "with Content-Type: application/json"),
    ("text/plain", '{"mail": "a@b.example"}', 400, "with Content-Type: application/json"),
    (FORM_URLENCODED, XML, 400, "with Content-Type: application/xml"),
]


def test_what_cannot_be_read_says_what_to_mend_and_keeps_nothing(
    home: AwsFixture, post: Any
) -> None:
    for content_type, body, status, what in REFUSED:
        answer = post(content_type, body)
        assert answer["statusCode"] == status, body[:50]
        assert what in answer["body"]
    assert home.records() == []
