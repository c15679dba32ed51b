import gzip
import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from lxml import html as lxml_html

from capture.handler import handler
from leadloop.edge.live_playbook import playbook
from leadloop.intake.envelope import Envelope
from leadloop.intake.read import UnreadableEnvelope, read_envelope
from leadloop.model.claim import ClaimRef
from leadloop.playbook.model import Playbook
from leadloop.playbook.versions import stamp_version
from qualify.handler import handler as qualify
from tests.functions.aws_fixture import SECTIONS, AwsFixture, http_event, reset_caches, sqs_event

HOME = "https://aqua.example"
BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
URLENCODED = {"content_type": "application/x-www-form-urlencoded"}
PERSON = {"email": "ada@lovelace.example", "consent": "yes"}


def look(context: LambdaContext, name: str, query: Any = None, **headers: str) -> dict[str, Any]:
    event = http_event("GET", f"/f/{name}", None, host="leads.example.com", **headers)
    return handler({**event, "queryStringParameters": query}, context)


def send(context: LambdaContext, fields: dict[str, str], **headers: str) -> dict[str, Any]:
    sent = {**URLENCODED, **BROWSER, **headers}
    return handler(http_event("POST", "/f/contact", urlencode(fields), **sent), context)


def header(answer: dict[str, Any], name: str) -> str:
    return next(iter(answer["multiValueHeaders"].get(name, [])), "")


def republished(home: AwsFixture, **changes: Any) -> None:
    """The house's playbook, its form changed."""
    contact = {**SECTIONS["sources"]["contact"], **changes}
    sections = {**SECTIONS, "sources": {**SECTIONS["sources"], "contact": contact}}
    home.publish(stamp_version(Playbook.model_validate(sections)))
    reset_caches()


def inputs(page: str) -> dict[str, str]:
    """What a browser would post of a page, by name."""
    found = lxml_html.fromstring(page).xpath("//form")[0]
    return {name: value or "" for name, value in found.form_values()}


def test_a_form_has_a_page_that_posts_to_its_own_address(
    home: AwsFixture, context: LambdaContext
) -> None:
    answer = look(context, "contact")
    assert (answer["statusCode"], header(answer, "Content-Type")[:9]) == (200, "text/html")
    (form,) = lxml_html.fromstring(answer["body"]).xpath("//form")
    assert (form.get("method"), form.get("action")) == ("post", None)
    assert {"email", "consent", "website_url"} <= set(form.fields.keys())
    assert inputs(answer["body"])["consent_version"] == "v1"


@pytest.mark.usefixtures("home")
def test_who_opens_a_form_that_is_gone_is_told_by_a_page_and_a_program_by_a_problem(
    context: LambdaContext,
) -> None:
    answer = look(context, "gone", **BROWSER, accept_language="de-AT,de;q=0.9")
    assert (answer["statusCode"], header(answer, "Content-Type")[:9]) == (404, "text/html")
    assert "Dieses Formular gibt es nicht mehr" in answer["body"]
    for name, headers in (("gone", {}), ("gone.js", BROWSER)):
        answer = look(context, name, **headers)
        assert answer["statusCode"] == 404
        assert header(answer, "Content-Type") == "application/problem+json"


def test_a_page_is_made_for_each_person_anew_and_kept_by_nobody(
    home: AwsFixture, context: LambdaContext
) -> None:
    first, second = look(context, "contact"), look(context, "contact")
    keys = {inputs(answer["body"])["submission_key"] for answer in (first, second)}
    assert len(keys) == 2
    assert header(first, "Cache-Control") == "no-store"


def test_a_page_runs_our_script_and_no_other_stands_in_no_frame_and_leads_to_allowed_places(
    home: AwsFixture, context: LambdaContext
) -> None:
    policy = dict(
        part.split(" ", 1)
        for part in header(look(context, "contact"), "Content-Security-Policy").split("; ")
    )
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert policy["form-action"] == f"'self' {HOME}"
    assert "unsafe" not in policy["style-src"]


def test_a_page_knows_where_its_visitor_came_from_without_a_script(
    home: AwsFixture, context: LambdaContext
) -> None:
    query = {"utm_source": 'news"letter', "gclid": "abc", "email": "no@page.example"}
    answer = look(context, "contact", query, referer="https://search.example/")
    posted = {**inputs(answer["body"]), **PERSON}
    assert send(context, posted)["statusCode"] == 303
    (message,) = home.receive_messages("submissions")
    envelope = Envelope.model_validate(message)
    source = wired_source()
    found = read_envelope(envelope, envelope.body or b"", source)
    assert not isinstance(found, UnreadableEnvelope)
    touch = found[0].touch
    assert touch is not None
    assert (touch.utm_source, touch.click_id) == ('news"letter', "gclid:abc")
    assert touch.referrer == "https://search.example/"
    assert "no@page" not in (touch.landing_page or "")


def wired_source() -> Any:
    return playbook().source("contact")


def test_a_wrong_entry_shows_the_page_again_with_what_was_typed_and_what_to_mend(
    home: AwsFixture, context: LambdaContext
) -> None:
    republished(home, required=["contact.email", "contact.company"])
    typed = {
        **inputs(look(context, "contact")["body"]),
        "email": "a&b@mill.example",
        "consent": "yes",
    }
    answer = send(context, {**typed, "company": " "})
    assert answer["statusCode"] == 422
    page = lxml_html.fromstring(answer["body"])
    again = inputs(answer["body"])
    assert (again["email"], again["consent"]) == ("a&b@mill.example", "yes")
    assert again["submission_key"] == typed["submission_key"]
    (wrong,) = page.xpath("//*[@aria-invalid='true']")
    assert wrong.get("name") == "company"
    (says,) = page.xpath(f"//*[@id='{wrong.get('aria-describedby')}']")
    assert says.text_content() == "Please fill this in."
    assert page.xpath("//*[@role='alert']//a/@href") == [f"#{wrong.get('id')}"]
    assert home.receive_messages("submissions") == []


def test_who_wants_json_is_told_in_a_problem_that_names_each_field(
    home: AwsFixture, context: LambdaContext
) -> None:
    answer = send(context, {"consent": "yes"}, accept="application/json")
    assert header(answer, "Content-Type") == "application/problem+json"
    (error,) = json.loads(answer["body"])["errors"]
    assert (error["field"], error["code"]) == ("email", "required")


def test_too_large_a_post_of_a_browser_is_answered_with_a_page(
    home: AwsFixture, context: LambdaContext
) -> None:
    answer = send(context, {**PERSON, "message": "x" * 40_000})
    assert (answer["statusCode"], header(answer, "Content-Type")[:9]) == (413, "text/html")


def test_a_wording_that_has_changed_is_shown_anew_and_not_ticked(
    home: AwsFixture, context: LambdaContext
) -> None:
    answer = send(context, {**PERSON, "consent_version": "v0"})
    assert answer["statusCode"] == 422
    again = inputs(answer["body"])
    assert again["consent_version"] == "v1"
    assert "consent" not in again
    assert "has changed" in answer["body"]
    assert home.receive_messages("submissions") == []


def test_our_own_page_may_post_and_a_page_that_only_looks_like_it_may_not(
    home: AwsFixture, context: LambdaContext
) -> None:
    host = "leads.example.com"
    own = send(context, PERSON, host=host, origin=f"https://{host}")
    assert own["statusCode"] == 303
    for origin in ("https://leads.example.com.evil.example", "null", "https://evil.example"):
        assert send(context, PERSON, host=host, origin=origin)["statusCode"] == 403


def test_without_a_thank_you_page_we_thank_ourselves_and_a_reload_posts_nothing(
    home: AwsFixture, context: LambdaContext
) -> None:
    republished(home, thank_you=None)
    answer = send(context, PERSON)
    assert answer["statusCode"] == 303
    name, _, query = header(answer, "Location").partition("?")
    assert name == "contact"
    thanks = look(context, name, dict([query.split("=")]))
    assert "Thank you" in thanks["body"]


@pytest.mark.parametrize(
    ("wished", "taken"),
    [
        (f"{HOME}/thanks/pumps?x=1#y", True),
        (f"{HOME}.evil.example/", False),
        (f"{HOME}@evil.example/", False),
        (f"{HOME}\\@evil.example/", False),
        ("//evil.example", False),
        ("https://evil.example/https://aqua.example", False),
        ("javascript:alert(1)//https://aqua.example", False),
        (f"{HOME}/\r\nSet-Cookie: a=b", False),
    ],
)
def test_a_page_may_name_its_own_thanks_at_an_allowed_origin_only(
    home: AwsFixture, context: LambdaContext, wished: str, taken: bool
) -> None:
    answer = send(context, {**PERSON, "thank_you": wished})
    assert header(answer, "Location") == (wished if taken else f"{HOME}/thanks")


def test_an_address_that_is_known_already_looks_like_a_new_one(
    home: AwsFixture, context: LambdaContext
) -> None:
    first = send(context, PERSON, accept="application/json")
    (message,) = home.receive_messages("submissions")
    qualify(sqs_event(json.dumps(message)), context)
    assert home.read_entity(ClaimRef("email", PERSON["email"]))
    second = send(context, PERSON, accept="application/json")
    for one in (first, second):
        one["body"] = re.sub(r'"[0-9A-Z]{26}"', "ID", one["body"])
    assert first == second
    assert send(context, PERSON) == send(context, {**PERSON, "email": "new@person.example"})


def posted_after_a_look(home: AwsFixture, context: LambdaContext, **changes: str) -> list[str]:
    """The reasons for which the post of a fresh page would be held back."""
    republished(home, minimum_seconds=3)
    page = look(context, "contact")
    fields = {**inputs(page["body"]), **PERSON, **changes}
    assert send(context, fields)["statusCode"] == 303
    (message,) = home.receive_messages("submissions")
    envelope = Envelope.model_validate(message)
    found = read_envelope(envelope, envelope.body or b"", wired_source())
    return [each.code for each in found.reasons] if isinstance(found, UnreadableEnvelope) else []


def test_who_is_quicker_than_a_person_is_answered_like_success_and_held_back(
    home: AwsFixture, context: LambdaContext
) -> None:
    assert posted_after_a_look(home, context) == ["too_quick"]


@pytest.mark.parametrize("token", ["", "made up", "a.b"])
def test_a_page_that_we_did_not_sign_counts_as_none(
    home: AwsFixture, context: LambdaContext, token: str
) -> None:
    assert posted_after_a_look(home, context, page_token=token) == ["page_not_shown"]


def test_the_script_comes_with_the_form_as_data_and_weighs_less_than_10_kb(
    home: AwsFixture, context: LambdaContext
) -> None:
    answer = look(context, "contact.js")
    assert header(answer, "Content-Type").startswith("text/javascript")
    assert header(answer, "Cache-Control") == "public, max-age=300"
    assert len(gzip.compress(answer["body"].encode())) < 10_000
    data = json.loads(answer["body"].rpartition("})(")[2].removesuffix(");\n"))
    assert data["form"]["consent"]["version"] == "v1"
    assert "email" in {field["name"] for field in data["form"]["fields"]}


def test_a_script_that_signs_its_time_is_kept_by_nobody(
    home: AwsFixture, context: LambdaContext
) -> None:
    republished(home, minimum_seconds=3)
    assert header(look(context, "contact.js"), "Cache-Control") == "no-store"


@pytest.mark.parametrize("name", ["nothing", "nothing.js", "portal", "contact.css", ".js"])
def test_what_is_no_form_has_no_page(home: AwsFixture, context: LambdaContext, name: str) -> None:
    assert look(context, name)["statusCode"] == 404


@pytest.mark.parametrize(
    ("asks", "reads"),
    [
        ({}, "en"),
        ({"accept_language": "de-AT,de;q=0.9"}, "de"),
        ({"accept_language": "fr,de;q=0.5"}, "de"),
        ({"accept_language": "pl"}, "en"),  # nothing to agree to in it
    ],
)
def test_a_page_speaks_a_language_that_the_form_has_whole(
    home: AwsFixture, context: LambdaContext, asks: dict[str, str], reads: str
) -> None:
    consent = {
        **SECTIONS["sources"]["contact"]["consent"],
        "translations": {"de": {"version": "v1-de", "text": "Ja, schreiben Sie mir."}},
    }
    headline = {"en": "Write to us", "de": "Schreiben Sie uns", "pl": "Napisz"}
    republished(home, consent=consent, page={"headline": headline})
    page = look(context, "contact", **asks)["body"]
    assert lxml_html.fromstring(page).get("lang") == reads
    assert headline[reads] in page


def test_a_captcha_is_off_unless_the_form_asks_for_it_and_then_its_provider_may_come_in(
    home: AwsFixture, context: LambdaContext
) -> None:
    provider = "https://challenges.cloudflare.com"
    assert provider not in str(look(context, "contact"))
    row = {"provider": "turnstile", "site_key": "0x4AA", "secret": "turnstile-key"}
    republished(home, captcha=row)
    answer = look(context, "contact")
    (widget,) = lxml_html.fromstring(answer["body"]).xpath("//*[@class='cf-turnstile']")
    assert widget.get("data-sitekey") == "0x4AA"
    assert "a colleague looks first" in answer["body"]
    policy = header(answer, "Content-Security-Policy")
    assert f"script-src 'self' {provider};" in policy
    assert f"frame-src {provider}" in policy
    assert "turnstile-key" not in look(context, "contact.js")["body"]


def test_what_looks_at_a_browser_is_a_file_of_its_own_that_reports_to_nobody(
    home: AwsFixture, context: LambdaContext
) -> None:
    answer = look(context, "contact.device.js")
    assert header(answer, "Content-Type").startswith("text/javascript")
    assert "{ monitoring: false }" in answer["body"]
    assert "FingerprintJS" not in look(context, "contact.js")["body"]
