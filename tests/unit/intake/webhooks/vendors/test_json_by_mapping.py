"""JSON of any maker, read by rows of data."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from leadloop.intake.envelope import submission_id
from tests.unit.intake.webhooks.posts import JSON_SOURCE, build_source, read_post, reason_codes

ID = {name: submission_id("hook", name) for name in ("7", "71")}


def test_any_json_is_read_by_its_rows_paths() -> None:
    post = {
        "data": {
            "people": [
                {
                    "ref": 7,
                    "who": {"mail": "ada@lovelace.example", "tel": "030 901820", "size": "51-200"},
                },
                {"ref": "72", "who": {"mail": "bob@lovelace.example"}, "flags": {"test": True}},
                {"ref": "71", "state": "erased"},
            ]
        }
    }
    ada, bob, gone = read_post(post, JSON_SOURCE)
    assert (ada.id, ada.contact.phone) == (ID["7"], "030 901820")
    assert ada.fields == {"vendor_lead_id": "7", "employees": "51-200"}
    assert (bob.test, ada.test) == (True, False)
    assert gone.erases == ID["71"]


@pytest.mark.parametrize("said", ["application/x-www-form-urlencoded", "text/plain"])
def test_json_of_who_calls_it_something_else_is_json(said: str) -> None:
    """A vendor mends nothing."""
    post = {"data": {"people": [{"ref": 7, "who": {"mail": "ada@lovelace.example"}}]}}
    (ada,) = read_post(post, JSON_SOURCE, said)
    assert ada.contact.email == "ada@lovelace.example"


def test_of_a_batch_the_one_in_doubt_is_held_and_the_others_go_on() -> None:
    post = {
        "data": {
            "people": [
                {"ref": 7, "who": {"mail": 5}},
                "strange",
                {"ref": "72", "who": {"mail": "bob@lovelace.example"}},
            ]
        }
    }
    odd, strange, bob = read_post(post, JSON_SOURCE)
    assert (reason_codes(odd), reason_codes(bob)) == (["wrong_type", "required"], [])
    assert reason_codes(strange) == ["required"]
    assert strange.id not in ID.values()


@pytest.mark.parametrize(
    "post",
    [{"data": {"people": 7}}, {"data": {"people": [{}] * 201}}, [7], b"{", b"\xff", b'{"a": NaN}'],
)
def test_what_is_no_post_of_this_source_is_unreadable(post: Any) -> None:
    (held,) = read_post(post, JSON_SOURCE)
    assert reason_codes(held) == ["unreadable"]


def test_a_field_of_a_form_may_hold_the_json_as_text() -> None:
    of = build_source("json", inside="data.json", fields={"mail[0]": "contact.email"})
    body = b"page=1&data.json=%7B%22mail%22%3A%5B%22ada%40lovelace.example%22%5D%7D"
    (lead,) = read_post(body, of, "application/x-www-form-urlencoded")
    assert lead.contact.email == "ada@lovelace.example"


def test_a_body_that_is_itself_the_list_names_a_lead_in_each_place() -> None:
    rows = build_source("json", leads="@", key_field="objectId", fields={"mail": "contact.email"})
    post = [{"objectId": 7, "mail": "a@b.example"}, {"objectId": 8, "mail": "c@d.example"}]
    found = read_post(post, rows)
    assert [each.contact.email for each in found] == ["a@b.example", "c@d.example"]
    assert found[0].id == ID["7"]
    (alone,) = read_post({"objectId": 7, "mail": "a@b.example"}, rows)
    assert (alone.contact.email, alone.id) == ("a@b.example", ID["7"])
    (broken,) = read_post(b'[{"objectId": 7}], "x": 1', rows)
    assert "not JSON" in broken.unreadable[0].text


ONE = {"ref": 7, "who": {"mail": "ada@lovelace.example"}}
OTHER = {"ref": "71", "who": {"mail": "bob@lovelace.example"}}


@pytest.mark.parametrize(
    ("post", "ids"),
    [
        ({"data": {"people": ONE}}, ["7"]),  # as XML that became JSON, or PHP with one row
        ({"data": {"people": {"0": ONE, "1": OTHER}}}, ["7", "71"]),  # a list with a gap in it
        ([{"data": {"people": [ONE]}}, {"data": {"people": OTHER}}], ["7", "71"]),
        ({"stand": "leer", "code": 204}, []),
        ({"stand": "leer", "zeit": "2026-03-02 09:12:44", "lauf": 1772000000123, "fax": None}, []),
        ({"lauf": "2026030209124412", "id": "4917155501", "telefon": "", "phone": "n/a"}, []),
        ({"data": {"people": None}, "estado": "sin novedades"}, []),
        ({"data": {"people": []}}, []),
        ({"data": {"people": ""}}, []),
        ([], []),
    ],
)
def test_a_list_of_one_may_come_as_the_one_and_an_empty_one_as_nothing(
    post: Any, ids: list[str]
) -> None:
    found = read_post(post, JSON_SOURCE)
    assert [each.id for each in found] == [ID[each] for each in ids]
    assert not any(each.unreadable for each in found)


@pytest.mark.parametrize(
    "post",
    [
        {"leute": [ONE]},
        ONE,
        {"x": {"text": "von eva@lang.example"}},
        {"code": 200, "anfrage": {"wer": "Eva", "handy": "+49 171 5550122"}},
        {"status": "ok", "lead": {"nom": "Eva", "telephone": "06 55 50 01 22"}},
        {"status": "ok", "lead": {"Mobile Number": 4917155501}},
        {"status": "ok", "text": "Bitte um Rückruf: 00 49 171 / 555 01 22"},
    ],
)
def test_a_person_at_another_place_than_the_row_says_is_held(post: Any) -> None:
    (held,) = read_post(post, JSON_SOURCE)
    assert reason_codes(held) == ["unreadable"]


def test_several_ticks_of_one_question_are_joined() -> None:
    of = build_source("json", fields={"mail": "contact.email", "themen[]": "interest.product"})
    form = b"mail=eva%40lang.example&themen%5B%5D=Pumpe&themen%5B%5D=Filter"
    (lead,) = read_post(form, of, "application/x-www-form-urlencoded")
    assert lead.interest.product == "Pumpe, Filter"
    (same,) = read_post({"mail": "eva@lang.example", "themen[]": ["Pumpe", "Filter"]}, of)
    assert (same.interest.product, same.unreadable) == ("Pumpe, Filter", ())


MAKERS = {
    "HubSpot": (
        {"vid": 7, "properties": {"email": {"value": "ada@b.example"}, "firstname":
         {"value": "Ada"}, "lastname": {"value": "Byron"}}},
        {"properties.email.value": "email", "properties.firstname.value": "first_name",
         "properties.lastname.value": "last_name"},
        "vid",
    ),
    "Gravity Forms": (
        {"id": "7", "1.3": "Ada", "1.6": "Byron", "2": "ada@b.example"},
        {"1.3": "first_name", "1.6": "last_name", "2": "email"},
        "id",
    ),
    "Calendly": (
        {"event": "invitee.created", "payload": {"uri": "7", "email": "ada@b.example", "name":
         "Ada Byron", "questions_and_answers": [{"question": "Phone", "answer": "202-555-0146"}]}},
        {"payload.email": "email", "payload.name": "name",
         "payload.questions_and_answers[?question=='Phone'].answer | [0]": "phone"},
        "payload.uri",
    ),
    "Intercom": (
        {"topic": "conversation.user.created", "data": {"item": {"id": 7, "user": {"email":
         "ada@b.example", "name": "Ada Byron", "phone": None}}}},
        {"data.item.user.email": "email", "data.item.user.name": "name",
         "data.item.user.phone": "phone"},
        "data.item.id",
    ),
}  # fmt: skip


@pytest.mark.parametrize("maker", MAKERS)
def test_what_any_maker_posts_is_read_by_rows_of_data(maker: str) -> None:
    post, fields, key = MAKERS[maker]
    (lead,) = read_post(post, build_source("json", fields=fields, key_field=key))
    contact = lead.contact
    assert contact.name or f"{contact.first_name} {contact.last_name}" == "Ada Byron"
    assert (contact.email, lead.id, lead.unreadable) == ("ada@b.example", ID["7"], ())


def test_jotforms_answers_lie_as_text_inside_its_post() -> None:
    rows = build_source(
        "json",
        inside="rawRequest",
        key_field="submissionID",
        fields={"q3_name.first": "first_name", "q3_name.last": "last_name", "q4_email": "email"},
    )
    answers = {"q3_name": {"first": "Ada", "last": "Byron"}, "q4_email": "ada@b.example"}
    form = {"formID": "1", "submissionID": "7", "rawRequest": json.dumps(answers)}
    (lead,) = read_post(urlencode(form).encode(), rows, "application/x-www-form-urlencoded")
    assert (lead.contact.first_name, lead.contact.email) == ("Ada", "ada@b.example")
    assert lead.id == ID["7"]


def test_a_smiley_in_two_halves_is_whole() -> None:
    post = rb'{"ref": "7", "who": {"mail": "a@b.example"}, "say": "\ud83d\ude00 \\ud800"}'
    source_ = build_source(
        "json", key_field="ref", fields={"who.mail": "contact.email", "say": "said"}
    )
    (lead,) = read_post(post, source_)
    assert lead.fields["said"] == "😀 \\ud800"


@pytest.mark.parametrize(
    ("country", "sent", "understood", "doubts"),
    [
        ("US", 2025550122, "2025550122", []),  # no number begins with a zero there
        ("US", 12025550122.0, "12025550122", []),
        ("US", 33612345678, "33612345678", ["phone_as_number"]),
        ("DE", 33612345678, "33612345678", ["phone_as_number"]),  # it would be one of Fürstenwalde
        ("DE", True, None, ["wrong_type"]),
    ],
)
def test_a_phone_that_came_as_a_number_is_held_back_where_it_may_have_lost_something(
    country: str, sent: object, understood: str | None, doubts: list[str]
) -> None:
    of = JSON_SOURCE.but(country=country, leads=None, required=())
    (made,) = read_post({"ref": 7, "who": {"mail": "ada@lovelace.example", "tel": sent}}, of)
    assert (made.contact.phone, reason_codes(made)) == (understood, doubts)
