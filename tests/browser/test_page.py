"""The hosted page, as a person meets it."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import Door, Pages


def fill(page: Page) -> None:
    page.get_by_label("E-mail").fill("ada@lovelace.example")
    page.get_by_label("Company").fill("Nordwerk")
    page.get_by_label("Yes, write to me.").check()


def test_it_works_without_a_script(door: Door, scriptless: Page) -> None:
    scriptless.goto(f"{door.origin}/f/contact?utm_source=letter")
    fill(scriptless)
    scriptless.get_by_role("button").click()
    expect(scriptless.get_by_role("heading")).to_have_text("Thank you")
    (taken,) = door.queued_posts()
    assert (taken["company"], taken["utm_source"]) == ("Nordwerk", "letter")
    scriptless.reload()
    assert door.queued_posts() == []


def test_a_wrong_entry_comes_back_with_what_was_typed_and_what_to_mend(
    door: Door, scriptless: Page
) -> None:
    scriptless.goto(f"{door.origin}/f/contact")
    fill(scriptless)
    scriptless.get_by_label("Message").fill("\nTwo pumps,\nplease <b>soon</b>")
    scriptless.get_by_label("Employees").fill("about forty")
    scriptless.get_by_label("When").select_option("later")
    scriptless.get_by_role("button").click()
    expect(scriptless.get_by_role("alert")).to_contain_text("Please write a whole number")
    expect(scriptless.get_by_role("alert")).to_be_focused()
    wrong = scriptless.get_by_label("Employees")
    expect(wrong).to_have_value("about forty")
    expect(wrong).to_have_accessible_description(
        "Please write a whole number, such as 250. All sites together"
    )
    expect(scriptless.get_by_label("Message")).to_have_value("\nTwo pumps,\nplease <b>soon</b>")
    expect(scriptless.get_by_label("When")).to_have_value("later")
    expect(scriptless.get_by_label("Yes, write to me.")).to_be_checked()
    scriptless.get_by_role("link", name="Employees").click()
    wrong.fill("40")
    scriptless.get_by_role("button").click()
    expect(scriptless.get_by_role("heading")).to_have_text("Thank you")
    (taken,) = door.queued_posts()
    assert taken["employees"] == "40"


def test_a_file_that_the_form_asks_for_is_taken(door: Door, scriptless: Page) -> None:
    scriptless.goto(f"{door.origin}/f/plan")
    fill(scriptless)
    plan = FilePayload(name="plan.pdf", mimeType="application/pdf", buffer=b"%PDF-1.7 pump")
    scriptless.get_by_label("Plan").set_input_files([plan])
    scriptless.get_by_role("button", name="Send").click()
    expect(scriptless.get_by_role("heading")).to_have_text("Thank you")


def test_the_thanks_of_the_company_are_followed_to_another_origin(
    door: Door, pages: Pages, scriptless: Page
) -> None:
    pages.pages["/thanks"] = "<h1>Acme thanks you</h1>"
    scriptless.goto(f"{door.origin}/f/away")
    fill(scriptless)
    scriptless.get_by_role("button").click()
    expect(scriptless.get_by_role("heading")).to_have_text("Acme thanks you")


def test_with_a_script_faults_are_told_in_place_and_the_page_stays(door: Door, page: Page) -> None:
    page.goto(f"{door.origin}/f/contact")
    page.get_by_label("E-mail").fill("ada@lovelace.example")
    page.get_by_role("button").click()
    company = page.get_by_label("Company")
    expect(company).to_be_focused()
    expect(company).to_have_accessible_description("Please fill this in.")
    assert door.posts == 0
    company.fill("Nordwerk")
    page.get_by_label("Yes, write to me.").check()
    page.get_by_label("Employees").fill("forty")
    page.get_by_role("button").click()
    expect(page.get_by_label("Employees")).to_be_focused()
    expect(page.locator(".leadloop-error")).to_have_text(
        "Please write a whole number, such as 250."
    )
    page.get_by_label("Employees").fill("40")
    page.get_by_role("button").click()
    expect(page.locator(".leadloop-thanks")).to_be_focused()
    (taken,) = door.queued_posts()
    assert taken["employees"] == "40"
    assert int(taken["typed_seconds"]) >= 0


def test_the_keyboard_alone_is_enough(door: Door, page: Page) -> None:
    page.goto(f"{door.origin}/f/contact")
    typed = ["Ada Lovelace", "ada@lovelace.example", "Nordwerk", "40", None, "Two pumps", " "]
    for text in typed:
        page.keyboard.press("Tab")
        if text:
            page.keyboard.type(text)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".leadloop-thanks")).to_be_focused()
    (taken,) = door.queued_posts()
    assert (taken["name"], taken["message"], taken["consent"]) == (
        "Ada Lovelace",
        "Two pumps",
        "yes",
    )
    assert not taken["website_url"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_it_is_accessible_and_needs_no_scrolling_sideways(
    door: Door, page: Page, width: int, scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{door.origin}/f/contact")
    page.get_by_role("button").click()  # with every fault shown
    expect(page.locator("[aria-invalid]").first).to_be_focused()
    # As an isolated world, which the page's own policy does not reach.
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_lets_nobody_frame_it(door: Door, pages: Pages, page: Page) -> None:
    pages.policy += f"; frame-src {door.origin}"
    pages.pages["/frame"] = f'<iframe src="{door.origin}/f/contact" title="f"></iframe>'
    with page.expect_event("console", lambda said: "frame-ancestors" in said.text):
        page.goto(f"{pages.origin}/frame")
    assert not page.frame_locator("iframe").get_by_role("textbox").count()


def test_what_a_trap_catches_is_thanked_like_everybody(door: Door, scriptless: Page) -> None:
    scriptless.goto(f"{door.origin}/f/contact")
    fill(scriptless)
    trap = scriptless.locator("[name=website_url]")
    expect(trap).not_to_be_in_viewport()
    trap.fill("https://spam.example", force=True)
    scriptless.get_by_role("button").click()
    expect(scriptless.get_by_role("heading")).to_have_text(re.compile("Thank you"))
    (taken,) = door.queued_posts()
    assert taken["website_url"]
