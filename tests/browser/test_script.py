"""The script on a page of another origin, under that page's own strict policy."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from leadloop.intake.fields.attribution import TAGS
from tests.browser.conftest import Door, Pages

OWN = """<form data-leadloop="contact" action="{}/f/contact" method="post">
<p><label>Mail <input name="email" type="email" required></label></p>
<p><label>Firm <input name="company"></label></p>
<p><label><input type="checkbox" name="consent" value="yes"> I agree</label></p>
<button>Go</button></form>"""


@pytest.fixture(autouse=True)
def shop(door: Door, pages: Pages) -> None:
    """A landing page without a form, one where ours is rendered, one with a form of its own."""
    script = f'<script src="{door.origin}/f/contact.js" async></script>'
    pages.pages["/pumps"] = script.replace("async", 'async data-into=""') + '<a href="/ask">Ask</a>'
    pages.pages["/ask"] = f"<h1>Ask</h1>{script}"
    pages.pages["/own"] = OWN.format(door.origin) + script
    pages.pages["/remember"] = script.replace("async", 'async data-remember="30"')


def fill(page: Page) -> None:
    page.get_by_label("E-mail").fill("ada@lovelace.example")
    page.get_by_label("Company").fill("Nordwerk")
    page.get_by_label("Yes, write to me.").check()


def thanked(page: Page) -> None:
    expect(page.get_by_text("Thank you")).to_be_visible()


def test_it_renders_the_form_and_sends_it_across_origins(
    door: Door, pages: Pages, page: Page
) -> None:
    page.goto(f"{pages.origin}/ask")
    fill(page)
    page.get_by_role("button").click()
    thanked(page)
    (taken,) = door.queued_posts()
    assert (taken["company"], taken["consent_version"]) == ("Nordwerk", "v1")


def test_it_shows_what_the_door_refuses_beside_the_field(
    door: Door, pages: Pages, page: Page
) -> None:
    page.goto(f"{pages.origin}/ask")
    fill(page)
    page.get_by_label("Employees").fill("some")
    page.get_by_role("button").click()
    expect(page.get_by_label("Employees")).to_have_accessible_description(
        "Please write a whole number, such as 250. All sites together"
    )
    expect(page.get_by_label("Employees")).to_be_focused()
    assert door.queued_posts() == []


def test_the_first_touch_is_kept_over_pages(door: Door, pages: Pages, page: Page) -> None:
    page.goto(f"{pages.origin}/pumps?utm_source=news&gclid=g1&email=x%40y.example#top")
    page.get_by_role("link").click()
    fill(page)
    page.get_by_role("button").click()
    thanked(page)
    (taken,) = door.queued_posts()
    assert (taken["utm_source"], taken["gclid"]) == ("news", "g1")
    assert taken["landing_page"] == f"{pages.origin}/pumps?utm_source=news&gclid=g1"


def test_a_later_campaign_does_not_take_the_first_ones_place(
    door: Door, pages: Pages, page: Page
) -> None:
    page.goto(f"{pages.origin}/pumps?utm_source=first")
    page.goto(f"{pages.origin}/ask?utm_source=second")
    fill(page)
    page.get_by_role("button").click()
    thanked(page)
    (taken,) = door.queued_posts()
    assert taken["utm_source"] == "first"


def test_another_tab_knows_the_first_touch_only_where_the_page_says_so(
    door: Door, pages: Pages, visitor: BrowserContext
) -> None:
    stored = "JSON.stringify([localStorage.length, sessionStorage.length])"
    one, two = visitor.new_page(), visitor.new_page()
    one.goto(f"{pages.origin}/pumps?utm_source=news")
    assert one.evaluate(stored) == "[0,1]"
    two.goto(f"{pages.origin}/remember?utm_source=mail")
    expect(two.get_by_role("button")).to_be_visible()
    three = visitor.new_page()
    three.goto(f"{pages.origin}/remember")
    fill(three)
    three.get_by_role("button").click()
    thanked(three)
    (taken,) = door.queued_posts()
    assert taken["utm_source"] == "mail"


def test_a_form_of_the_page_is_taken_over_and_stays_as_it_is(
    door: Door, pages: Pages, page: Page
) -> None:
    page.goto(f"{pages.origin}/own")
    expect(page.locator("form")).to_have_count(1)
    page.get_by_label("Mail").fill("ada@lovelace.example")
    page.get_by_label("I agree").check()
    page.get_by_role("button").click()
    expect(page.get_by_label("Firm")).to_have_accessible_description("Please fill this in.")
    page.get_by_label("Firm").fill("Nordwerk")
    page.get_by_role("button").click()
    thanked(page)
    assert [each["company"] for each in door.queued_posts()] == ["Nordwerk"]


def test_what_to_mend_stands_behind_a_label_that_is_around_its_field(
    pages: Pages, page: Page
) -> None:
    page.goto(f"{pages.origin}/own")
    page.get_by_role("button").click()
    fault = page.locator("label:has([name=email]) + .leadloop-error")
    expect(fault).to_have_text("Please fill this in.")
    expect(fault).to_have_css("color", "rgb(179, 38, 30)")
    expect(page.get_by_role("textbox", name="Mail", exact=True)).to_be_focused()


def test_the_pages_own_form_works_without_the_script_too(
    door: Door, pages: Pages, scriptless: Page
) -> None:
    scriptless.goto(f"{pages.origin}/own")
    scriptless.get_by_label("Mail").fill("ada@lovelace.example")
    scriptless.get_by_label("Firm").fill("Nordwerk")
    scriptless.get_by_label("I agree").check()
    scriptless.get_by_role("button").click()
    expect(scriptless.get_by_role("heading")).to_have_text("Thank you")
    assert len(door.queued_posts()) == 1


def test_what_was_typed_outlives_a_reload(door: Door, pages: Pages, page: Page) -> None:
    page.goto(f"{pages.origin}/ask")
    fill(page)
    page.get_by_label("When").select_option("later")
    page.get_by_label("Message").fill("Two pumps\nplease")
    page.reload()
    expect(page.get_by_label("Message")).to_have_value("Two pumps\nplease")
    expect(page.get_by_label("When")).to_have_value("later")
    expect(page.get_by_label("Yes, write to me.")).to_be_checked()
    page.get_by_role("button").click()
    thanked(page)
    page.reload()
    expect(page.get_by_label("Message")).to_have_value("")


def test_a_double_click_is_one_submission(door: Door, pages: Pages, page: Page) -> None:
    page.goto(f"{pages.origin}/ask")
    fill(page)
    page.get_by_role("button").dblclick()
    thanked(page)
    assert len({each["submission_key"] for each in door.queued_posts()}) == 1


def test_without_a_connection_nothing_is_lost_and_it_goes_once_there_is_one(
    door: Door, pages: Pages, page: Page, visitor: BrowserContext
) -> None:
    page.goto(f"{pages.origin}/ask")
    fill(page)
    visitor.set_offline(True)
    page.get_by_role("button").click()
    expect(page.get_by_role("status")).to_contain_text("Nothing is lost")
    page.get_by_label("Company").fill("Südwerk")
    page.get_by_role("button").click()
    visitor.set_offline(False)
    thanked(page)
    assert [each["company"] for each in door.queued_posts()] == ["Südwerk"]


def test_a_door_that_is_down_is_tried_again_with_the_same_key(
    door: Door, pages: Pages, page: Page
) -> None:
    door.down = True
    page.goto(f"{pages.origin}/ask")
    fill(page)
    page.get_by_role("button").click()
    expect(page.get_by_role("status")).to_contain_text("Nothing is lost")
    door.down = False
    thanked(page)
    assert len(door.queued_posts()) == 1
    assert door.posts >= 2


def test_what_was_not_yet_sent_goes_after_a_reload(door: Door, pages: Pages, page: Page) -> None:
    door.down = True
    page.goto(f"{pages.origin}/ask")
    fill(page)
    page.get_by_role("button").click()
    expect(page.get_by_role("status")).to_contain_text("Nothing is lost")
    page.reload(wait_until="commit")
    door.down = False
    thanked(page)
    assert len({each["submission_key"] for each in door.queued_posts()}) == 1


def test_a_click_in_a_mail_is_confirmed_once(door: Door, pages: Pages, page: Page) -> None:
    with page.expect_request(f"{door.origin}/b") as told:
        page.goto(f"{pages.origin}/pumps?ll=some-token")
    assert told.value.post_data == "some-token"


def test_a_page_that_is_not_allowed_is_refused_and_says_so(
    door: Door, pages: Pages, page: Page
) -> None:
    origin = pages.origin.replace("localhost", "127.0.0.1")
    page.goto(f"{origin}/ask")
    fill(page)
    with page.expect_console_message(lambda said: said.text.startswith("leadloop: ")) as told:
        page.get_by_role("button").click()
    assert told.value.text.endswith(f"allowed_origins of “contact” is to name {origin}")
    expect(page.get_by_role("status")).not_to_be_empty()
    assert door.queued_posts() == []


def test_a_browser_is_looked_at_only_once_its_person_has_agreed(
    door: Door, pages: Pages, page: Page
) -> None:
    pages.pages["/device"] = f'<script src="{door.origin}/f/device.js" async></script>'
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{pages.origin}/device")
    page.get_by_label("E-mail").fill("ada@lovelace.example")
    page.get_by_label("Company").fill("Nordwerk")
    assert not [url for url in asked if url.endswith(".device.js")]
    looked = "new Promise((go) => document.addEventListener('leadloop:device', go, { once: true }))"
    page.evaluate(f"window.looked = {looked}; 0")
    page.get_by_label("Yes, write to me.").check()
    page.evaluate("window.looked.then(() => 0)")
    page.get_by_role("button").click()
    thanked(page)
    (taken,) = door.queued_posts()
    assert len(taken["device"]) == 32
    assert {url.split("/f/")[0] for url in asked} <= {door.origin, f"{pages.origin}/device"}


def test_the_script_twice_in_a_page_is_one_form_and_one_submission(
    door: Door, pages: Pages, page: Page
) -> None:
    pages.pages["/twice"] = pages.pages["/ask"] + pages.pages["/ask"]
    page.goto(f"{pages.origin}/twice")
    fill(page)
    expect(page.locator("form")).to_have_count(1)
    page.get_by_role("button").click()
    thanked(page)
    assert len(door.queued_posts()) == 1


def test_what_to_mend_is_said_in_the_forms_language_not_the_browsers(
    door: Door, pages: Pages, page: Page
) -> None:
    page.goto(f"{pages.origin}/ask")
    page.get_by_label("E-mail").fill("ada at home")
    page.get_by_role("button").click()
    expect(page.get_by_label("E-mail")).to_have_accessible_description(
        "Please write a whole e-mail address, such as name@example.com."
    )


def test_a_slip_in_the_address_is_shown_once_and_the_second_click_sends(
    door: Door, pages: Pages, page: Page
) -> None:
    page.goto(f"{pages.origin}/ask")
    fill(page)
    page.get_by_label("E-mail").fill("ines@gmial.com")
    page.get_by_role("button").click()
    expect(page.get_by_label("E-mail")).to_have_accessible_description(
        "Did you mean ines@gmail.com? If yours is right, just send it again."
    )
    assert door.queued_posts() == []
    page.get_by_role("button").click()
    thanked(page)
    (taken,) = door.queued_posts()
    assert taken["email"] == "ines@gmial.com"


def test_an_address_that_only_the_door_knows_to_be_impossible_is_told_beside_the_field(
    door: Door, pages: Pages, page: Page
) -> None:
    page.goto(f"{pages.origin}/ask")
    fill(page)
    page.get_by_label("E-mail").fill("ines@werft")
    page.get_by_role("button").click()
    expect(page.get_by_label("E-mail")).to_have_accessible_description(
        "Please write a whole e-mail address, such as name@example.com."
    )
    assert door.queued_posts() == []


def test_where_the_browser_bars_the_answer_nobody_is_told_that_it_is_sent_later(
    door: Door, pages: Pages, page: Page
) -> None:
    page.goto(f"{pages.origin.replace('localhost', '127.0.0.1')}/ask")
    fill(page)
    page.get_by_role("button").click()
    status = page.locator(".leadloop-status")
    expect(status).to_contain_text("This cannot be taken here.")
    assert page.evaluate("sessionStorage.getItem('leadloop.unsent.contact')") is None
    assert door.queued_posts() == []


def test_it_reads_the_tags_of_an_address_as_the_server_does(page: Page) -> None:
    script = Path("functions/capture/static/form.js").read_text("utf-8")
    begin, end = script.index("  function tagsOf"), script.index("  function thisTouch")
    table = Path("tests/unit/intake/fields/campaign_addresses.json").read_text("utf-8")
    rows = json.loads(table)
    read_all = "return addresses.map((each) => [...tagsOf(each)])"
    read = f"(addresses) => {{ {script[begin:end]} {read_all} }}"
    found = page.evaluate(read, [row["address"] for row in rows])
    tags = [{name: text for name, text in each if name in TAGS} for each in found]
    assert tags == [row["tags"] for row in rows]
