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
