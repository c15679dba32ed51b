"""A vendor named a lead and could not be asked: a person fills in what is known by other ways."""

import json

from leadloop.intake.envelope import sha256
from leadloop.intake.webhooks.read import PARSER
from leadloop.model.lead import RecordRef
from leadloop.model.submission import Channel, Fetch, Raw
from leadloop.playbook.model import Playbook
from leadloop.playbook.versions import stamp_version
from tests.functions.admin.desk import Desk, build_sections, json_body
from tests.unit.intake.webhooks.posts import meta_post

HOOK = {
    "kind": "webhook",
    "id": "ads",
    "format": "meta",
    "product_line": "pumps",
    "country": "DE",
    "language": "en",
    "secret": "key",
    "token": "page",
}


def test_what_a_person_fills_in_is_not_asked_of_the_vendor_again(desk: Desk) -> None:
    with_hook = {**build_sections(), "sources": {**build_sections()["sources"], "ads": HOOK}}
    desk.home.publish(stamp_version(Playbook.model_validate(with_hook)))
    body = json.dumps(meta_post({"leadgen_id": "71"})).encode()
    named = desk.submit(
        "",
        source="ads",
        body=body,
        channel=Channel.WEBHOOK,
        raw=Raw(sha256=sha256(body), size=len(body), body=body, content_type="application/json"),
        fetch=Fetch(provider="meta", id="71"),
        parser=PARSER,
    )
    assert (named.outcome, named.reasons[0].code) == ("quarantined", "not_fetched")
    fix = {"fields": {"contact.email": "ada@lovelace.example"}}
    answer = desk.post(f"/admin/v1/quarantine/{named.submission_id}/fix", fix)
    assert (answer["statusCode"], json_body(answer)["outcome"]) == (200, "lead")
    record = desk.home.read_entity(RecordRef(f"{named.submission_id}.2"))
    assert record.person.contact.email == "ada@lovelace.example"
    assert record.lead.fields == {"vendor_lead_id": "71"}
