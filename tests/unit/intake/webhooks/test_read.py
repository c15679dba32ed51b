import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.model.submission import Submission
from tests.unit.intake.webhooks.posts import (
    JSON_SOURCE,
    build_source,
    complete_post,
    google_post,
    linkedin_post,
    meta_post,
    read_post,
    reason_codes,
)

META, GOOGLE, LINKEDIN, TYPEFORM = map(build_source, ("meta", "google", "linkedin", "typeform"))


@pytest.mark.parametrize("answer", [b"[]", b'{"id": 71}', b"\xff", b'{"field_data": 7, "id": 71}'])
def test_an_odd_answer_is_in_doubt_and_kept(answer: bytes) -> None:
    lead = complete_post(meta_post({"leadgen_id": "71"}), answer, META)
    assert lead.checks[0].body == answer
    assert lead.fetch is None
    assert lead.contact.email is None
    assert reason_codes(lead)


def test_posts_about_other_things_tell_of_no_lead() -> None:
    assert read_post({"object": "page", "entry": [{"changes": [{"field": "feed"}]}]}, META) == []
    assert read_post({**linkedin_post(), "type": "SHARE"}, LINKEDIN) == []


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
        lead = complete_post(post, answer, of)
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


def test_an_answer_to_a_question_that_no_row_maps_is_kept() -> None:
    google = google_post()
    asked = {"column_id": "chairs", "column_name": "How many chairs?", "string_value": "4-6"}
    columns = [*google["user_column_data"], asked]
    (lead,) = read_post({**google, "user_column_data": columns}, GOOGLE)
    assert lead.fields["chairs"] == "4-6"
    assert "chairs" in lead.ignored


def test_a_list_of_one_text_is_that_text() -> None:
    post = {"data": {"people": [{"ref": 7, "who": {"mail": ["ada@lovelace.example"]}}]}}
    (lead,) = read_post(post, JSON_SOURCE)
    assert (lead.contact.email, lead.unreadable) == ("ada@lovelace.example", ())


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
