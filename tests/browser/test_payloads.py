"""Other people's attacks, typed into the form and shown again: a real browser runs none of it."""

import json
import os
from pathlib import Path

import pytest
from playwright.sync_api import Page

from leadloop.intake.fields.attribution import UTM
from leadloop.intake.forms.field_defaults import LABELS
from tests.browser.conftest import Door

FIELDS = (*sorted(LABELS), *UTM, "landing_page", "referrer")
FILL = """values => {
  const form = document.forms[0];
  for (const [name, value] of Object.entries(values)) {
    form.elements[name] ||
      form.appendChild(Object.assign(document.createElement('input'), { type: 'hidden', name }));
    if (form.elements[name].tagName === 'INPUT') form.elements[name].type = 'text';
    form.elements[name].value = value;
  }
  form.submit();  // no event, no check: as a machine would
}"""
WATCH = """addEventListener('securitypolicyviolation', (each) =>
  console.error('csp: ' + each.effectiveDirective + ' ' + each.blockedURI));"""


def payloads() -> list[str]:
    folder = Path(os.environ.get("LEADLOOP_REALDATA", "") or "/nowhere")
    if not folder.is_dir():
        return []
    texts = json.loads((folder / "naughty_strings" / "blns_open.json").read_text("utf-8"))
    for path in sorted((folder / "attack_payloads").glob("*.txt")):
        texts += path.read_text("utf-8", "replace").splitlines()
    return [text for text in dict.fromkeys(texts) if text.strip() and len(text) <= 500]


def test_what_was_typed_is_shown_again_and_never_run(door: Door, page: Page) -> None:
    """Each payload in one field, the fields in turn; FULL=1: each in every field."""
    every = payloads()
    if not every:
        pytest.skip("LEADLOOP_REALDATA names no folder")
    said: list[str] = []
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("dialog", lambda dialog: dialog.dismiss())
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(error.message))
    page.context.route(
        "**/*.js*", lambda route: route.fulfill(body="", content_type="text/javascript")
    )
    page.add_init_script(WATCH)
    page.goto(f"{door.origin}/f/wide")
    turns = len(FIELDS) if os.environ.get("FULL") else 1
    for turn in range(turns):
        for start in range(0, len(every), len(FIELDS)):
            some = every[start : start + len(FIELDS)]
            names = FIELDS[turn:] + FIELDS[:turn]
            values = dict(zip(names, some, strict=False))
            with page.expect_navigation(wait_until="load"):
                page.evaluate(FILL, values)
            shown = page.evaluate(
                "names => names.map(name => document.forms[0].elements[name].defaultValue)",
                list(values),
            )
            for name, value, typed in zip(values, shown, values.values(), strict=True):
                assert value == typed, name
    refused = [text for text in said if "422" not in text]
    assert refused == []
    assert page.url == f"{door.origin}/f/wide"
