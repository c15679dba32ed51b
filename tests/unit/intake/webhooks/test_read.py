import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.intake.envelope import submission_id
from leadloop.intake.webhooks.read import complete_submission
from leadloop.model.provider_check import ProviderAnswer
from leadloop.model.submission import Fetch, Submission
from tests.unit.intake.webhooks.posts import (
    AT,
    JSON_SOURCE,
    build_source,
    google_post,
    linkedin_answer,
    linkedin_post,
    meta_answer,
    meta_post,
    read_post,
    reason_codes,
    typeform_post,
)

META, GOOGLE, LINKEDIN, TYPEFORM = map(build_source, ("meta", "google", "linkedin", "typeform"))
ID = {name: submission_id("hook", name) for name in ("71", "72", "g-1", "1a-4", "t-1", "7")}


def answered(post: Any, answer: Any, of: Any = META) -> Any:
    (named,) = read_post(post, of)
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return complete_submission(named, ProviderAnswer(provider=of.format, at=AT, body=body), of)


def test_meta_names_each_lead_of_a_batch_and_its_id_is_ours_in_any_company() -> None:
    batch = read_post(meta_post({"leadgen_id": "71"}, {"leadgen_id": 72}), META)
    (alone,) = read_post(meta_post({"leadgen_id": 71.0, "form_id": "5"}), META)
    assert [each.id for each in batch] == [ID["71"], ID["72"]]
    assert alone.id == ID["71"]
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
    lead = answered(meta_post({"leadgen_id": "71"}), answer, of)
    assert (lead.contact.name, lead.contact.email) == ("Ada Lovelace", "ada@lovelace.example")
    assert (lead.contact.phone, lead.interest.product) == ("+4930901820", "Brunnen")
    assert (lead.fetch, lead.unreadable) == (None, ())
    assert lead.checks[0].body == json.dumps(answer).encode()
    assert lead.fields == {"vendor_lead_id": "71"}


@pytest.mark.parametrize("answer", [b"[]", b'{"id": 71}', b"\xff", b'{"field_data": 7, "id": 71}'])
def test_an_odd_answer_is_in_doubt_and_kept(answer: bytes) -> None:
    lead = answered(meta_post({"leadgen_id": "71"}), answer)
    assert lead.checks[0].body == answer
    assert lead.fetch is None
    assert lead.contact.email is None
    assert reason_codes(lead)


def test_metas_own_test_is_a_test() -> None:
    dummy = meta_answer(
        email="test@meta.example", full_name="<test lead: dummy data for full_name>"
    )
    assert answered(meta_post({"leadgen_id": "71"}), dummy).test
    (button,) = read_post(meta_post({"leadgen_id": "444444444444"}), META)
    assert button.test


def test_posts_about_other_things_tell_of_no_lead() -> None:
    assert read_post({"object": "page", "entry": [{"changes": [{"field": "feed"}]}]}, META) == []
    assert read_post({**linkedin_post(), "type": "SHARE"}, LINKEDIN) == []


def test_google_sends_the_whole_lead() -> None:
    (lead,) = read_post(google_post(), GOOGLE)
    assert lead.id == ID["g-1"]
    assert (lead.contact.name, lead.contact.email) == ("Ada Lovelace", "ada@lovelace.example")
    assert lead.touch is not None
    assert (lead.touch.click_id, lead.test) == ("gclid:click", False)


def test_googles_test_is_a_test() -> None:
    assert [each.test for each in read_post(google_post(is_test=True), GOOGLE)] == [True]


def test_a_column_without_an_id_goes_by_its_name() -> None:
    columns = [{"column_name": "Phone Number", "string_value": "+49 30 901820"}]
    (lead,) = read_post(google_post(user_column_data=columns), GOOGLE)
    assert lead.contact.phone == "+49 30 901820"


def test_linkedin_names_a_response_and_answers_with_its_questions() -> None:
    (named,) = read_post(linkedin_post(), LINKEDIN)
    assert (named.id, named.fetch) == (ID["1a-4"], Fetch(provider="linkedin", id="1a-4"))
    of = build_source("linkedin", fields={"campaign": "fields.campaign", "3": "fields.size"})
    lead = answered(linkedin_post(), linkedin_answer(), of)
    assert (lead.contact.first_name, lead.contact.email) == ("Ada", "ada@lovelace.example")
    assert lead.fields == {
        "campaign": "spring",
        "size": "51-200",
        "employees": "51-200",
        "vendor_lead_id": "1a-4",
    }
    assert answered(linkedin_post(), linkedin_answer(test=True), of).test


def test_a_deleted_response_is_no_lead_and_names_what_to_forget() -> None:
    (gone,) = read_post(linkedin_post("DELETED"), LINKEDIN)
    assert gone.id != ID["1a-4"]
    assert (gone.erases, gone.fetch, gone.contact.email) == (ID["1a-4"], None, None)


def test_typeform_answers_go_by_type_ref_or_title() -> None:
    of = build_source(
        "typeform",
        fields={"size": "interest.employees", "what": "interest.product", "agree": "consent"},
    )
    (lead,) = read_post(typeform_post(), of)
    assert lead.id == ID["t-1"]
    assert (lead.contact.name, lead.contact.email) == ("Ada Lovelace", "ada@lovelace.example")
    assert (lead.interest.employees, lead.interest.product) == (80, "A pump")
    assert lead.touch is not None
    assert lead.touch.utm_source == "letter"


def test_without_an_id_the_bytes_are_the_key() -> None:
    post = google_post(lead_id=None)
    (one,), (same,) = read_post(post, GOOGLE), read_post(post, GOOGLE)
    (other,) = read_post(google_post(lead_id=None, form_id=8), GOOGLE)
    assert one.id == same.id != other.id


def test_a_vendors_placeholder_is_no_value() -> None:
    columns = [{"column_id": "COMPANY_NAME", "string_value": "n/a"}]
    (lead,) = read_post(google_post(user_column_data=columns), GOOGLE)
    assert lead.contact.company is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "entry",
                    "changes",
                    "value",
                    "field",
                    "field_data",
                    "leadgen_id",
                    "values",
                    "name",
                    "user_column_data",
                    "lead_id",
                    "form_response",
                    "answers",
                    "data",
                    "people",
                    "who",
                    "leadAction",
                    "leadGenFormResponse",
                    "formResponse",
                    "answerDetails",
                    "mail",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(post=JSON)
def test_whatever_is_posted_has_a_named_end(post: Any) -> None:
    for of in (META, GOOGLE, LINKEDIN, TYPEFORM, JSON_SOURCE):
        for each in read_post(post, of):
            assert each.raw.body == json.dumps(post).encode()


@given(answer=JSON)
def test_whatever_is_answered_is_a_lead_or_in_doubt(answer: Any) -> None:
    for post, of in ((meta_post({"leadgen_id": "71"}), META), (linkedin_post(), LINKEDIN)):
        lead = answered(post, answer, of)
        assert lead.fetch is None


INNER = [
    "owner_id",
    "score",
    "partner_id",
    "status",
    "cap",
    "verified",
    "consent_at",
    "created_at",
    "version",
    "stage",
    "rating",
    "pool",
    "rep",
    "assignment",
    "cycle",
    "lead_id",
    "outcome",
    "source",
    "product_line",
    "interest.product_line",
    "test",
    "trap",
    "applied",
    "touchpoints",
    "direct_to_sales",
]


def test_inner_names_of_ours_change_nothing_and_are_told_as_ignored() -> None:
    who = {"ref": 7, "who": {"mail": "ada@lovelace.example"}}
    post = {"data": {"people": [{**who, **dict.fromkeys(INNER, "mallory")}]}}
    (plain,) = read_post({"data": {"people": [who]}}, JSON_SOURCE)
    (lead,) = read_post(post, JSON_SOURCE)
    assert set(INNER) == set(lead.ignored)
    same = {"raw": plain.raw, "ignored": ()}
    assert lead.but(**same) == plain
    asked = set(INNER) - {"cap", "lead_id"}  # an Italian's postcode, and the vendor's id
    columns = [{"column_id": name, "string_value": "mallory"} for name in sorted(asked)]
    google = google_post()
    (other,) = read_post(
        {**google, "user_column_data": google["user_column_data"] + columns}, GOOGLE
    )
    (as_before,) = read_post(google, GOOGLE)
    assert asked <= set(other.ignored)
    assert other.but(raw=as_before.raw, ignored=as_before.ignored) == as_before


@pytest.mark.parametrize("sign", ["\0", "\ud800"])
def test_what_cannot_be_text_is_shown_and_no_lead_is_lost_by_it(sign: str) -> None:
    columns = [
        {"column_id": "EMAIL", "string_value": "ada@lovelace.example"},
        {"column_id": "FULL_NAME", "string_value": f"Ada{sign}Byron"},
        {"column_id": f"a{sign}", "string_value": "b"},
    ]
    post = json.dumps(google_post(lead_id=f"g{sign}1", user_column_data=columns)).encode()
    (lead,) = read_post(post, GOOGLE)
    assert lead.contact.name == "Ada\ufffdByron"
    assert lead.fields["vendor_lead_id"] == "g\ufffd1"
    assert "a\ufffd" in lead.ignored
    assert Submission.model_validate_json(lead.model_dump_json()) == lead


def test_of_two_addresses_in_a_typeform_the_one_that_is_asked_for_as_theirs_counts() -> None:
    post = typeform_post()
    form = post["form_response"]
    friend = {"field": {"id": "id-friend", "type": "email"}, "type": "email"}
    form["answers"][1]["field"]["ref"] = "r2"
    form["answers"].insert(0, {**friend, "email": "bob@lovelace.example"})
    form["definition"]["fields"] += [{"id": "id-friend", "title": "Your friend's email"}]
    (unsaid,) = read_post(post, TYPEFORM)
    assert unsaid.contact.email is None
    form["definition"]["fields"] += [{"id": "id-mail", "title": "Your *email*"}]
    (told,) = read_post(post, TYPEFORM)
    assert told.contact.email == "ada@lovelace.example"
