from typing import Any

import pytest

from leadloop.intake.envelope import submission_id
from tests.unit.intake.webhooks.posts import build_source, read_post, typeform_post

TYPEFORM = build_source("typeform")


def test_typeform_answers_go_by_type_ref_or_title() -> None:
    of = build_source(
        "typeform",
        fields={"size": "interest.employees", "what": "interest.product", "agree": "consent"},
    )
    (lead,) = read_post(typeform_post(), of)
    assert lead.id == submission_id("hook", "t-1")
    assert (lead.contact.name, lead.contact.email) == ("Ada Lovelace", "ada@lovelace.example")
    assert (lead.interest.employees, lead.interest.product) == (80, "A pump")
    assert lead.touch is not None
    assert lead.touch.utm_source == "letter"


def test_of_two_addresses_in_a_typeform_the_one_that_is_asked_for_as_theirs_counts() -> None:
    post = typeform_post()
    form = post["form_response"]
    friend = {"field": {"id": "id-friend", "type": "email"}, "type": "email"}
    form["answers"][1]["field"]["ref"] = "r2"
    form["answers"].insert(0, {**friend, "email": "bob@lovelace.example"})
    form["definition"]["fields"] += [{"id": "id-friend", "title": "Your friend's email"}]
    (unclear,) = read_post(post, TYPEFORM)
    assert unclear.contact.email is None
    form["definition"]["fields"] += [{"id": "id-mail", "title": "Your *email*"}]
    (clear,) = read_post(post, TYPEFORM)
    assert clear.contact.email == "ada@lovelace.example"


def text_post(*answers: tuple[str, str]) -> dict[str, Any]:
    fields = [{"id": str(n), "title": title} for n, (title, _) in enumerate(answers)]
    said = [
        {"type": "text", "text": text, "field": {"id": str(n), "type": "short_text"}}
        for n, (_, text) in enumerate(answers)
    ]
    response = {"token": "t-5", "definition": {"fields": fields}, "answers": said}
    return {"event_type": "form_response", "form_response": response}


@pytest.mark.parametrize(
    "title",
    [
        "E-Mail der Person, der wir antworten sollen",
        "Adresse e-mail où vous joindre",
        "Correo electrónico de quien decide",
        "Where can we write to you? (email)",
        "Email of the person in charge",
    ],
)
def test_the_only_address_that_was_typed_is_theirs_if_the_question_asks_for_it(title: str) -> None:
    (lead,) = read_post(text_post((title, " eva@lang.example "), ("Wishes", "A pump")), TYPEFORM)
    assert (lead.contact.email, lead.ignored) == ("eva@lang.example", ("1",))


@pytest.mark.parametrize(
    "answers",
    [
        [("Email of a friend", "bob@lang.example")],
        [("Email of your dealer", "bob@lang.example")],
        [("Who sent you?", "bob@lang.example")],
        [("Email one", "eva@lang.example"), ("Email two", "bob@lang.example")],
        [("Email", "eva@lang.example or bob@lang.example")],
    ],
)
def test_an_address_that_may_be_another_persons_is_not_taken(
    answers: list[tuple[str, str]],
) -> None:
    (lead,) = read_post(text_post(*answers), TYPEFORM)
    assert lead.contact.email in (None, "eva@lang.example or bob@lang.example")


def test_what_a_typeform_post_says_beside_its_answers_is_told() -> None:
    post = text_post(("Email", "eva@lang.example"))
    post["form_response"]["variables"] = [{"key": "punkte", "number": 7}]
    ranking = {"id": "9", "type": "ranking"}
    answer = {"type": "ranking", "ranking": ["Preis", "Lärm"], "field": ranking}
    post["form_response"]["answers"].append(answer)
    of = TYPEFORM.but(fields={"9": "order"})
    (lead,) = read_post(post, of)
    assert (lead.fields["order"], lead.ignored) == ("Preis, Lärm", ("variables",))
