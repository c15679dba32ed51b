"""The small pages behind our links: plain HTML, no script, every value escaped.

- A page that asks something has one form, which posts to the page's own address. So opening a link
  changes nothing.
- A rep sees how to reach the person only after accepting the lead.
- The style is in the page and allowed by its hash (`STYLE_SOURCE`).
- There is no template language: capture carries these pages, and Liquid made its cold start a
  fifth slower.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from html import escape
from typing import NamedTuple
from urllib.parse import quote

from leadloop.content.header_text import one_line
from leadloop.content.page_texts import (
    DEFAULT_LANGUAGE,
    LinkPageTexts,
    link_page_texts,
    page_languages,
)
from leadloop.model.lead import Lead
from leadloop.model.person import Person

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
    """The first language of an Accept-Language header that our pages have; else English.

    A plain language tag works too. Source: RFC 9110, 12.5.4.
    """
    tags = re.findall(r"[a-zA-Z]+", (accept_language or "")[:200])
    languages = page_languages("link_page")
    return next((tag.lower() for tag in tags if tag.lower() in languages), DEFAULT_LANGUAGE)


def unknown_link_page(language: str = DEFAULT_LANGUAGE) -> str:
    """The page for a token that is not ours or was changed; it goes with status 400."""
    texts = _page_texts(language)
    return _page(language, texts.unknown_link, [texts.unknown_link_says])


def unknown_form_page(language: str = DEFAULT_LANGUAGE) -> str:
    """The page for a form that does not exist or was removed; it goes with status 404."""
    texts = _page_texts(language)
    return _page(language, texts.unknown_form, [texts.unknown_form_says])


def expired_link_page(language: str = DEFAULT_LANGUAGE) -> str:
    """The page for a token of ours that is out of date; it goes with status 410."""
    texts = _page_texts(language)
    return _page(language, texts.expired_link, [texts.expired_link_says])


def preferences_page(language: str = DEFAULT_LANGUAGE) -> str:
    """The page that asks whether to unsubscribe.

    Its form posts the same body as the one-click button of a mail program. Source: RFC 8058.
    """
    texts = _page_texts(language)
    return _page(
        language,
        texts.preferences,
        [texts.preferences_asks],
        button=texts.unsubscribe,
        answer=("List-Unsubscribe", "One-Click"),
    )


def unsubscribed_page(language: str = DEFAULT_LANGUAGE) -> str:
    """The page after unsubscribing; the stop is stored by then."""
    texts = _page_texts(language)
    return _page(language, texts.unsubscribed, [texts.unsubscribed_says])


def confirm_page(language: str = DEFAULT_LANGUAGE) -> str:
    """The page that asks whether the person has asked for what the mail names."""
    texts = _page_texts(language)
    return _page(
        language,
        texts.confirm,
        [texts.confirm_asks],
        button=texts.confirm_button,
        answer=("do", "confirm"),
    )


def confirmed_page(language: str = DEFAULT_LANGUAGE) -> str:
    """The page after the yes, which is stored by then."""
    texts = _page_texts(language)
    return _page(language, texts.confirmed, [texts.confirmed_says])


def accept_page(
    person: Person, lead: Lead, route_reason: str = "", language: str = DEFAULT_LANGUAGE
) -> str:
    """The page with what the lead is about and the button that accepts it.

    It shows no address or number of the person.
    """
    texts = _page_texts(language)
    return _page(
        language,
        texts.accept,
        [texts.accept_asks],
        facts=_lead_facts(person, lead, route_reason, texts),
        button=texts.accept_button,
        answer=("do", "accept"),
    )


def accepted_page(person: Person, lead: Lead, language: str = DEFAULT_LANGUAGE) -> str:
    """The page for the rep who has the lead; it shows how to reach the person."""
    texts, contact = _page_texts(language), person.contact
    channels = (
        (texts.fact_phone, contact.phone, "tel"),
        (texts.fact_email, contact.email, "mailto"),
    )
    contact_facts = [_Fact(label, value, scheme) for label, value, scheme in channels if value]
    return _page(
        language,
        texts.accepted,
        [texts.accepted_says],
        facts=[*contact_facts, *_lead_facts(person, lead, "", texts)],
    )


def unavailable_lead_page(name: str = "", language: str = DEFAULT_LANGUAGE) -> str:
    """The page for a lead that the colleague `name` has, or that cannot be accepted any more."""
    texts = _page_texts(language)
    paragraphs = [texts.taken_says.replace("{name}", one_line(name))] if name else []
    return _page(language, texts.taken, paragraphs)


def _lead_facts(person: Person, lead: Lead, route_reason: str, texts: LinkPageTexts) -> list[_Fact]:
    contact, interest = person.contact, lead.interest
    name = contact.name or " ".join(filter(None, (contact.first_name, contact.last_name)))
    positive = (row for row in lead.score.points if row.points > 0)
    strongest_first = sorted(positive, key=lambda row: -row.points)
    rows = (
        (texts.fact_name, name),
        (texts.fact_company, contact.company),
        (texts.fact_country, contact.country),
        (texts.fact_product, interest.product or lead.product_line),
        (texts.fact_message, (interest.message or "")[:_MESSAGE_MOST]),
        (texts.fact_reasons, "\n".join(row.reason for row in strongest_first)),
        (texts.fact_route, route_reason),
    )
    return [_Fact(label, value) for label, value in rows if value]


def _page_texts(language: str) -> LinkPageTexts:
    return link_page_texts(page_language(language))


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
    """`markup` with each `{}` replaced by a value, escaped. Values enter a page only here."""
    return markup.format(*map(escape, values))
