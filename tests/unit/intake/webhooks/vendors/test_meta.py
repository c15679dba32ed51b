import json

from leadloop.intake.envelope import submission_id
from leadloop.model.submission import Fetch
from tests.unit.intake.webhooks.posts import (
    build_source,
    complete_post,
    meta_answer,
    meta_post,
    read_post,
)

META = build_source("meta")


def test_meta_names_each_lead_of_a_batch_and_its_id_is_ours_in_any_company() -> None:
    batch = read_post(meta_post({"leadgen_id": "71"}, {"leadgen_id": 72}), META)
    (alone,) = read_post(meta_post({"leadgen_id": 71.0, "form_id": "5"}), META)
    assert [each.id for each in batch] == [submission_id("hook", "71"), submission_id("hook", "72")]
    assert alone.id == submission_id("hook", "71")
    assert [each.fetch for each in batch] == [
        Fetch(provider="meta", id="71"),
        Fetch(provider="meta", id="72"),
    ]
    assert alone.fields == {"vendor_lead_id": "71"}


def test_what_meta_then_answers_is_read_by_its_common_names_and_the_playbooks() -> None:
    of = build_source("meta", fields={"welche_pumpe?": "interest.product"})
    answer = meta_answer(
        full_name="Ada Lovelace",
        email="ada@lovelace.example",
        phone_number="+4930901820",
        **{"welche_pumpe?": "Brunnen", "owner_id": "mallory"},
    )
    lead = complete_post(meta_post({"leadgen_id": "71"}), answer, of)
    assert (lead.contact.name, lead.contact.email) == ("Ada Lovelace", "ada@lovelace.example")
    assert (lead.contact.phone, lead.interest.product) == ("+4930901820", "Brunnen")
    assert (lead.fetch, lead.unreadable) == (None, ())
    assert lead.checks[0].body == json.dumps(answer).encode()
    assert lead.fields == {"vendor_lead_id": "71"}


def test_metas_own_test_is_a_test() -> None:
    dummy = meta_answer(
        email="test@meta.example", full_name="<test lead: dummy data for full_name>"
    )
    assert complete_post(meta_post({"leadgen_id": "71"}), dummy, META).test
    (button,) = read_post(meta_post({"leadgen_id": "444444444444"}), META)
    assert button.test
