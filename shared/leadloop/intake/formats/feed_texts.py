"""The text of a feed's entry, by its type: plain text keeps its brackets, HTML becomes lines.

RSS 2.0 says that a description may be HTML, not that it is: without any element of HTML in it, it
is text. What stands in brackets and is no element, as an address, stays.

Source: RSS 2.0; RFC 4287, 3.1.1 (types of text); HTML standard, 4 (the elements).
"""

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from leadloop.intake.text.html_text import text_of_html

ELEMENT_WORDS = (
    "a abbr address article aside b big blockquote body br button caption center cite code col "
    "colgroup dd del details div dl dt em fieldset figcaption figure font footer form h1 h2 h3 h4 "
    "h5 h6 head header hr html i iframe img input ins label legend li main mark meta nav noscript "
    "ol option p pre q s samp script section select small span strike strong style sub summary sup "
    "svg table tbody td template textarea tfoot th thead title tr tt u ul var video wbr"
)
ELEMENTS = "|".join(ELEMENT_WORDS.split())
# The letter is looked at first: to try all names at each sign takes long.
ELEMENT = re.compile(rf"</?(?=[a-w])(?:{ELEMENTS})(?=[\s/>])[^<>]{{0,2000}}>", re.IGNORECASE)
NO_ELEMENT = re.compile(rf"<(?!/?(?=[a-w])(?:{ELEMENTS})[\s/>]|!--)", re.IGNORECASE)
PLAIN_TYPE = "text/plain"
# A link that is called “Call” and holds the number, or “Write” and the address.
CONTACT_LINK = re.compile(
    r"<a\s[^<>]{0,300}?href\s{0,3}=\s{0,3}[\"'](tel|mailto):([^\"'<>?]{1,200})[^<>]{0,300}>"
    r"([^<>]{0,200})</a>",
    re.IGNORECASE,
)


def entry_text(entry: Mapping[str, Any]) -> str:
    """The longest of an entry's contents and summary, without markup."""
    kind, text = max(_typed_texts(entry), key=lambda each: len(each[1]), default=("", ""))
    return text if kind == PLAIN_TYPE else text_of_markup(text)


def text_of_markup(text: str) -> str:
    """The text of what may be HTML."""
    if ELEMENT.search(text) is None:
        return html.unescape(text)
    return text_of_html(NO_ELEMENT.sub("&lt;", CONTACT_LINK.sub(_show_target, text)))


def _typed_texts(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    contents = [each for each in entry.get("content", ()) if each.get("value")]
    for content in contents:
        yield str(content.get("type") or ""), str(content["value"])
    summary = str(entry.get("summary") or "")
    if summary and summary not in [str(content["value"]) for content in contents]:
        yield str(entry.get("summary_detail", {}).get("type") or ""), summary


def _show_target(link: re.Match[str]) -> str:
    """The link with its number or address in front of its words, unless they show it."""
    scheme, target, words = link[1].lower(), unquote(link[2]), link[3]
    is_shown = "@" in words if scheme == "mailto" else any(map(str.isdigit, words))
    return link[0] if is_shown else f"{html.escape(target)} ({words})"
