"""A form's page under attack: it stays the page, the typed stays text, it leads nowhere else."""

import re
from html import escape
from pathlib import Path

from lxml import html

from leadloop.content.form_page import RejectedInput, render_form_page
from leadloop.content.links import Click, Links
from leadloop.intake.forms.field_defaults import LABELS
from leadloop.intake.forms.page_model import build_form_page
from leadloop.intake.forms.redirect import redirect_target
from leadloop.intake.policy import FormSource
from tests.realdata.marks import Marks
from tests.realdata.test_forms import payloads

FORM = FormSource(
    kind="form",
    id="f",
    product_line="p",
    country="DE",
    language="en",
    fields={ours: ours for ours in sorted(LABELS)},
)


def tags(page: str) -> list[str]:
    return [str(each.tag) for each in html.fromstring(page).iter()]


def test_every_payload_in_every_field_of_the_page_is_text(realdata: Path, marks: Marks) -> None:
    form = build_form_page(FORM)
    plain = tags(render_form_page(form, {"utm_source": "x"}, {"utm_source": "x"}))
    texts = list(dict.fromkeys(payloads(realdata)))
    inert = 0
    for text in texts:
        page = render_form_page(
            form,
            {"utm_source": text},
            {"utm_source": text},
            RejectedInput(dict.fromkeys(LABELS, text)),
        )
        inert += tags(page) == plain and page.count(escape(text)) >= len(LABELS)
    marks.share("attack_payloads", "inert on a form's page", inert, len(texts), at_least=1)


def redirects(realdata: Path) -> list[str]:
    texts: list[str] = []
    for path in sorted((realdata / "attack_payloads").glob("Open_Redirect__*.txt")):
        texts += path.read_text("utf-8", "replace").splitlines()
    return [text for text in texts if text.strip()]


def test_no_thanks_lead_anywhere_but_to_an_allowed_origin(realdata: Path, marks: Marks) -> None:
    own = "https://www.whitelisteddomain.tld"  # the name that the lists use for the victim's
    source = FORM.but(allowed_origins=(own,), thank_you=f"{own}/thanks")
    kept, every = 0, redirects(realdata)
    every += [own + line for line in every] + [f"{own}{sign}evil.example/" for sign in "@\\.:"]
    for line in every:
        address = redirect_target({"thank_you": line}, source) or ""
        kept += address == source.thank_you or re.match(rf"{own}[/?#]", address) is not None
    marks.share("attack_payloads", "redirects kept at home", kept, len(every), at_least=1)


def test_no_click_leads_where_an_attacker_says(realdata: Path, marks: Marks) -> None:
    links = Links("a secret of these tests, long enough")
    token = links.click("L" * 26, "D", "https://www.whitelisteddomain.tld/")
    every = [text for line in redirects(realdata) for text in (line, token + line, line + token)]
    refused = sum(links.read(text, Click) is None for text in every)
    marks.share("attack_payloads", "altered click links refused", refused, len(every), at_least=1)
