"""A form's address: an impossible one is refused at once, a slip is shown once."""

import json
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from lxml import html as lxml_html

from tests.functions.aws_fixture import AwsFixture
from tests.functions.capture.test_form_pages import inputs, look, send
from tests.functions.capture.test_forms import post

CONSENT = {"consent": True}


def faults(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["field"], each["code"]) for each in json.loads(answer["body"])["errors"]]


@pytest.mark.parametrize(
    "address",
    ["ines", "ines@", "@werft.example", "ines@werft", "ines@werft..example", "a b@werft.example",
     "ines@werft.example, rui@werft.example", "ines@@werft.example", "ines@-werft.example"],
)  # fmt: skip
def test_an_impossible_address_is_refused_beside_its_field(
    home: AwsFixture, context: LambdaContext, address: str
) -> None:
    answer = post(context, {**CONSENT, "email": address, "phone": "+49 30 5550123"})
    assert answer["statusCode"] == 422
    assert faults(answer) == [("email", "email")]
    assert home.receive_messages("submissions") == []


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "Did you mean ines@gmail.com?"), ("de", "Bitte"), ("pl", "Prosimy")],
)
def test_the_page_says_so_in_words(
    home: AwsFixture, context: LambdaContext, language: str, text: str
) -> None:
    typed = "ines@gmial.com" if language == "en" else "ines@"
    fields = {"email": typed, "consent": "yes", "address_seen": ""}
    answer = send(context, fields, accept_language=language)
    assert answer["statusCode"] == 422
    (error,) = lxml_html.fromstring(answer["body"]).xpath("//p[@class='leadloop-error']")
    assert text in error.text_content() or "Please write" in error.text_content()


def test_a_slip_is_shown_once_and_the_same_address_sent_again_is_taken(
    home: AwsFixture, context: LambdaContext
) -> None:
    page = inputs(look(context, "contact")["body"])
    assert page["address_seen"] == ""
    typed = {**page, "email": "ines@gmial.com", "consent": "yes"}
    first = send(context, typed)
    assert first["statusCode"] == 422
    again = {**inputs(first["body"]), "consent": "yes"}
    assert (again["email"], again["address_seen"]) == ("ines@gmial.com", "ines@gmial.com")
    assert send(context, again)["statusCode"] == 303
    assert len(home.receive_messages("submissions")) == 1


def test_another_slip_is_shown_again(home: AwsFixture, context: LambdaContext) -> None:
    slip = {**CONSENT, "email": "ines@hotmal.com", "address_seen": "ines@gmial.com"}
    assert faults(post(context, slip)) == [("email", "email_suggestion")]


def test_a_post_that_can_show_nothing_is_never_asked(
    home: AwsFixture, context: LambdaContext
) -> None:
    assert post(context, {**CONSENT, "email": "ines@gmial.com"})["statusCode"] == 202


def test_a_trapped_bot_learns_nothing_of_its_address(
    home: AwsFixture, context: LambdaContext
) -> None:
    from tests.functions.aws_fixture import SECTIONS  # noqa: PLC0415

    trap = SECTIONS["sources"]["contact"]["honeypot"]
    answer = post(context, {**CONSENT, "email": "no", trap: "x"})
    assert answer["statusCode"] == 202
