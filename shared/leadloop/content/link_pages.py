"""The few small pages behind our links: plain HTML, no script, every value escaped.

The rules of this file: a page that asks has one form that posts to its own address, so that
opening a link changes nothing; a rep sees how to reach the person only once the lead is his;
the style is in the page and allowed by its hash (`STYLE_SOURCE`). No template language: capture
carries these pages, and Liquid made its cold start a fifth slower.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from html import escape
from typing import NamedTuple
from urllib.parse import quote

from leadloop.content.header_text import one_line
from leadloop.content.link_page_texts import DEFAULT_LANGUAGE, LINK_PAGE_TEXTS, LinkPageTexts
from leadloop.model.lead import Lead

_MESSAGE_MOST = 600  # characters of a lead's message that the accept page shows

_STYLE = """
:root{color-scheme:light dark}
body{margin:0;font:1.0625rem/1.5 system-ui,sans-serif;color:#1b1f24;background:#f4f5f7}
main{box-sizing:border-box;max-width:38rem;margin:0 auto;padding:2rem 1.25rem;
overflow-wrap:anywhere}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 1rem}
p{margin:0 0 1rem}
dl{margin:0 0 1.5rem;padding:1rem 1.25rem;background:#fff;border:1px solid #d5d9de;
border-radius:.5rem}
dt{font-size:.875rem;color:#4a5560}
dd{margin:0 0 .75rem;white-space:pre-line;text-align:left}
dd:last-child{margin:0}
a{color:#0b5cad}
a:focus-visible{outline:3px solid #d97706;outline-offset:2px}
button{font:inherit;font-weight:600;padding:.75rem 1.5rem;border:0;border-radius:.5rem;
color:#fff;background:#0b5cad;cursor:pointer}
button:hover{background:#084a8c}
button:focus-visible{outline:3px solid #f5a623;outline-offset:2px}
@media(prefers-color-scheme:dark){body{color:#e8eaed;background:#16191d}
dl{background:#20252b;border-color:#3a424b}dt{color:#aab4be}a{color:#6bb1ff}}
"""
STYLE_SOURCE = f"'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'"

_PAGE = (
    """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>"""
    + _STYLE.replace("{", "{{").replace("}", "}}")
    + """</style>
</head>
<body>
<main>
<h1>{title}</h1>
{parts}
</main>
</body>
</html>
"""
)
_PARAGRAPH = "<p>{}</p>"
_FACT = '<dt>{}</dt><dd dir="auto">{}</dd>'
_LINKED_FACT = '<dt>{}</dt><dd dir="auto"><a href="{}">{}</a></dd>'
_FORM = '<form method="post">\n<button name="{}" value="{}">{}</button>\n</form>'


class _Fact(NamedTuple):
    label: str
    value: str
    scheme: str = ""  # of a link that the value is: tel, mailto


def page_language(accept_language: str | None) -> str:
    """The first language of an Accept-Language header (or a plain tag) that our pages speak."""
    tags = re.findall(r"[a-zA-Z]+", (accept_language or "")[:200])
    return next((tag.lower() for tag in tags if tag.lower() in LINK_PAGE_TEXTS), DEFAULT_LANGUAGE)


def unknown_link_page(language: str = DEFAULT_LANGUAGE) -> str:
    """The token is not ours, or was altered; answered with 400."""
    said = _page_texts(language)
    return _page(language, said.unknown_link, [said.unknown_link_says])


def unknown_form_page(language: str = DEFAULT_LANGUAGE) -> str:
    """There is no such form, or no more; answered with 404."""
    said = _page_texts(language)
    return _page(language, said.unknown_form, [said.unknown_form_says])


def expired_link_page(language: str = DEFAULT_LANGUAGE) -> str:
    """The token is ours, and its time is over; answered with 410."""
    said = _page_texts(language)
    return _page(language, said.expired_link, [said.expired_link_says])


def preferences_page(language: str = DEFAULT_LANGUAGE) -> str:
    """Asks; its form posts what a mail program's one click posts (RFC 8058)."""
    said = _page_texts(language)
    return _page(
        language,
        said.preferences,
        [said.preferences_asks],
        button=said.unsubscribe,
        answer=("List-Unsubscribe", "One-Click"),
    )


def unsubscribed_page(language: str = DEFAULT_LANGUAGE) -> str:
    """The stop is stored."""
    said = _page_texts(language)
    return _page(language, said.unsubscribed, [said.unsubscribed_says])


def accept_page(lead: Lead, why_theirs: str = "", language: str = DEFAULT_LANGUAGE) -> str:
    """What the lead is about, and the button that takes it on; nothing to reach the person by."""
    said = _page_texts(language)
    return _page(
        language,
        said.accept,
        [said.accept_asks],
        facts=_lead_facts(lead, why_theirs, said),
        button=said.accept_button,
        answer=("do", "accept"),
    )


def accepted_page(lead: Lead, language: str = DEFAULT_LANGUAGE) -> str:
    """It is the rep's, now or since before; here is how to reach the person."""
    said, contact = _page_texts(language), lead.contact
    ways = ((contact.phone, "tel"), (contact.email, "mailto"))
    rows = zip(said.facts[7:], ways, strict=True)
    reach = [_Fact(label, value, scheme) for label, (value, scheme) in rows if value]
    return _page(
        language, said.accepted, [said.accepted_says], facts=[*reach, *_lead_facts(lead, "", said)]
    )


def unavailable_lead_page(name: str = "", language: str = DEFAULT_LANGUAGE) -> str:
    """Somebody else has it (`name`), or it is no longer to be taken."""
    said = _page_texts(language)
    who = [said.taken_says.replace("{name}", one_line(name))] if name else []
    return _page(language, said.taken, who)


def _lead_facts(lead: Lead, why_theirs: str, said: LinkPageTexts) -> list[_Fact]:
    contact, interest = lead.contact, lead.interest
    name = contact.name or " ".join(filter(None, (contact.first_name, contact.last_name)))
    hot = sorted((row for row in lead.score.points if row.points > 0), key=lambda row: -row.points)
    values = (
        name,
        contact.company,
        contact.country,
        interest.product or lead.product_line,
        (interest.message or "")[:_MESSAGE_MOST],
        "\n".join(row.reason for row in hot),
        why_theirs,
    )
    rows = zip(said.facts[:7], values, strict=True)
    return [_Fact(label, value) for label, value in rows if value]


def _page_texts(language: str) -> LinkPageTexts:
    return LINK_PAGE_TEXTS[page_language(language)]


def _page(
    language: str,
    title: str,
    texts: Iterable[str],
    *,
    facts: Iterable[_Fact] = (),
    button: str = "",
    answer: tuple[str, str] = ("", ""),
) -> str:
    parts = [_fill_markup(_PARAGRAPH, text) for text in texts]
    if rows := [_row(fact) for fact in facts]:
        parts += ["<dl>", *rows, "</dl>"]
    if button:
        parts.append(_fill_markup(_FORM, *answer, button))
    return _PAGE.format(
        language=page_language(language), title=escape(title), parts="\n".join(parts)
    )


def _row(fact: _Fact) -> str:
    if not fact.scheme:
        return _fill_markup(_FACT, fact.label, fact.value)
    address = f"{fact.scheme}:{quote(fact.value, safe='@+')}"
    return _fill_markup(_LINKED_FACT, fact.label, address, fact.value)


def _fill_markup(markup: str, *values: str) -> str:
    """The only way a value gets into a page: escaped."""
    return markup.format(*map(escape, values))
