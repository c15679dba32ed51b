"""The script for visits on a page of another origin: silent until somebody agreed."""

import json

import pytest
from playwright.sync_api import Page, expect

from engage.handler import handler as engage
from leadloop.model.visitor import VisitorRef
from tests.browser.conftest import CONTEXT, Door, Pages
from tests.functions.aws_fixture import batch_failures, sqs_event

AGREE = "leadloopVisits.agreed()"


@pytest.fixture(autouse=True)
def shop(door: Door, pages: Pages) -> None:
    visits = f'<script src="{door.origin}/b"></script>'
    pages.pages["/look"] = visits + "<h1>Pumps</h1>"
    form = f'<script src="{door.origin}/f/contact.js" async></script>'
    pages.pages["/buy"] = f"{visits}<h1>Ask</h1>{form}"


def told(door: Door, at_least: int) -> list[dict[str, object]]:
    """What has reached the queue; a beacon is on its way for a moment."""
    found: list[dict[str, object]] = []
    for _ in range(200):
        found += door.home.receive_messages("signals")
        if len(found) >= at_least:
            return found
    return found


def test_nothing_is_kept_or_told_before_somebody_agrees(
    door: Door, pages: Pages, page: Page
) -> None:
    posts = door.posts
    page.goto(f"{pages.origin}/look?mail=ada@lovelace.example")
    page.evaluate("leadloopVisits.tell('download')")
    assert page.evaluate("localStorage.length") == 0
    assert door.posts == posts


def test_what_is_done_after_is_told_once_each_and_a_form_names_the_browser(
    door: Door, pages: Pages, page: Page
) -> None:
    page.goto(f"{pages.origin}/look?mail=ada@lovelace.example")
    page.evaluate(AGREE)
    page.evaluate("leadloopVisits.tell('download')")
    page.goto(f"{pages.origin}/buy")
    page.get_by_label("E-mail").fill("ada@lovelace.example")
    page.get_by_label("Company").fill("Nordwerk")
    page.get_by_label("Yes, write to me.").check()
    page.get_by_role("button").click()
    expect(page.get_by_text("Thank you")).to_be_visible()
    (taken,) = door.queued_posts()
    seen = told(door, 3)
    assert sorted(str(each["signal"]) for each in seen) == ["download", "visit", "visit"]
    assert {each["visitor"] for each in seen} == {taken["visitor_id"]}
    assert "lovelace" not in json.dumps(seen)
    # A headless browser says that it is one: it counts for nothing.
    assert engage(sqs_event(*map(json.dumps, seen)), CONTEXT) == batch_failures()
    assert door.home.read_entity(VisitorRef(taken["visitor_id"])) is None


def test_who_changes_his_mind_is_forgotten(door: Door, pages: Pages, page: Page) -> None:
    page.goto(f"{pages.origin}/look")
    page.evaluate(AGREE)
    told(door, 1)
    page.evaluate("leadloopVisits.forget()")
    posts = door.posts
    page.reload()
    assert page.evaluate("localStorage.length") == 0
    assert door.posts == posts
