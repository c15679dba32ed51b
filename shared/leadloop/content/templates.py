"""Renders a message from a template and its words; it is safe whoever wrote the template.

- Templates are Liquid with bounded time and memory, without files, a clock or their own HTML.
- The HTML part is made from the text, so what a lead typed stays text.
- An address becomes a link only if the template wrote it or a word of ours holds it. Words of ours
  for links end in `_url`.
- A template that cannot be rendered is reported when the playbook is published.
"""

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from liquid import BoundTemplate
from liquid.exceptions import LiquidError

from leadloop.content.header_text import one_line
from leadloop.content.liquid import LINKS_KEY, TemplateEnvironment
from leadloop.content.policy import Template, Text
from leadloop.content.render_bounds import DEEPEST_BRACKETS, bracket_depth

_ENVIRONMENT = TemplateEnvironment()
_URL_IN_TEXT = re.compile(r"https?://[^\s<>\"'{}|\\^`]*[^\s<>\"'{}|\\^`.,;:!?)]")
# Codes (ISO 639) of languages that are written from right to left.
_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_SUBJECT_MOST = 200  # characters; a longer one is cut


class TemplateBroken(ValueError):
    """The template cannot be rendered with these words; a retry would fail too."""


class RenderedMessage(NamedTuple):
    """A message: its subject in one line, and its body as text and as HTML."""

    subject: str
    text: str
    html: str


class Tracking(NamedTuple):
    """A function that turns an address into a click link, and the address of the open picture."""

    click: Callable[[str], str]
    picture: str | None = None


@dataclass(slots=True)
class _RenderedLinks:
    """The links of a message, by their text: the address to which each leads."""

    click: Callable[[str], str] | None
    links: dict[str, str] = field(default_factory=dict)

    def link(self, url: str, label: str) -> str:
        return self._add(url, label)

    def track(self, url: str, label: str) -> str:
        return self._add(self.click(url) if self.click else url, label)

    def _add(self, url: str, label: str) -> str:
        link_text = f"{label}: {url}" if label else url
        self.links[link_text] = url
        return link_text

    def __str__(self) -> str:
        return ""


def render_template(
    template: Template,
    language: str,
    context: Mapping[str, object],
    *,
    default: str,
    tracking: Tracking | None = None,
) -> RenderedMessage:
    """The message in `language`, or else in the `default` language.

    `context` holds the words as plain data: mappings, lists, texts, numbers, datetimes. A missing
    word renders as nothing. Without `tracking` a tracked link leads straight to its target.

    Raises:
        TemplateBroken: it exceeds a bound, or these words do not fit its filters.

    """
    chosen_language = choose_language(template, language, default)
    text = template.texts[chosen_language]
    links = _RenderedLinks(tracking.click if tracking else None)
    links.links.update({url: url for url in _URL_IN_TEXT.findall(text.body)})
    own_urls = (url for word, url in context.items() if word.endswith("_url"))
    links.links.update({url: url for url in own_urls if isinstance(url, str)})
    try:
        subject = _parse_template(text.subject).render({**context, LINKS_KEY: links})
        body = _parse_template(text.body).render({**context, LINKS_KEY: links}).strip()
    except (LiquidError, ValueError, ArithmeticError, RecursionError) as error:
        raise TemplateBroken(
            f"template {template.id}, {chosen_language}: {_first_error_line(error)}"
        ) from error
    title = one_line(subject)[:_SUBJECT_MOST]
    picture = tracking.picture if tracking else None
    return RenderedMessage(
        title, f"{body}\n", _render_html(title, body, links.links, chosen_language, picture)
    )


def choose_language(template: Template, language: str, default: str) -> str:
    """The first that has a text: the requested language, its primary tag, the default language."""
    candidates = (language, language.partition("-")[0], default)
    return next((each for each in candidates if each in template.texts), next(iter(template.texts)))


def template_faults(template: Template) -> tuple[str, ...]:
    """The faults of a template, one line each, as `texts.en.body: unknown filter 'x'`."""
    faults = []
    for language, text in template.texts.items():
        for name, source in (("subject", text.subject), ("body", text.body)):
            where = f"texts.{language}.{name}"
            try:
                used = _parse_template(source).analyze(include_partials=False).filters
            except (LiquidError, RecursionError) as error:
                faults.append(f"{where}: {_first_error_line(error)}")
            else:
                unknown = sorted(used.keys() - _ENVIRONMENT.filters.keys())
                faults += [f"{where}: unknown filter {each!r}" for each in unknown]
    return tuple(faults)


def used_words(text: Text) -> frozenset[str]:
    """The words that a text uses, such as `lead.name`, without those that it assigns itself.

    Raises:
        TemplateBroken: the text is not valid Liquid.

    """
    try:
        parsed = (_parse_template(text.subject), _parse_template(text.body))
    except LiquidError as error:
        raise TemplateBroken(_first_error_line(error)) from error
    return frozenset(path for each in parsed for path in each.global_variable_paths())


@lru_cache(maxsize=256)
def _parse_template(source: str) -> BoundTemplate:
    if bracket_depth(source) > DEEPEST_BRACKETS:
        raise LiquidError("nested too deeply", token=None)
    try:
        return _ENVIRONMENT.from_string(source)
    except RecursionError as error:
        raise LiquidError("nested too deeply", token=None) from error


def _first_error_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _render_html(
    title: str, body: str, links: Mapping[str, str], language: str, picture: str | None
) -> str:
    paragraphs = "\n".join(
        f'<p style="margin:0 0 1em">{_link_html(each, links)}</p>'
        for each in re.split(r"\n[ \t]*\n\s*", body)
    )
    direction = "rtl" if language.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"
    pixel = (
        f'\n<img src="{html.escape(picture)}" width="1" height="1" alt="" style="border:0">'
        if picture
        else ""
    )
    return (
        f'<!doctype html>\n<html lang="{html.escape(language)}" dir="{direction}">\n'
        '<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{html.escape(title)}</title></head>\n"
        '<body style="margin:0;padding:24px;font:16px/1.5 sans-serif;color:#1a1a1a;'
        'max-width:36em;overflow-wrap:anywhere">\n'
        f"{paragraphs}{pixel}\n</body>\n</html>\n"
    )


def _link_html(text: str, links: Mapping[str, str]) -> str:
    """`text` as HTML, with its line breaks, and with each text of `links` as a link."""
    anchors = {html.escape(text): (text, url) for text, url in links.items() if text}

    def anchor(match: re.Match[str]) -> str:
        link_text, url = anchors[match[0]]
        label = link_text.removesuffix(f": {url}")
        return f'<a href="{html.escape(url)}">{html.escape(label)}</a>'

    escaped = html.escape(text)
    if anchors:
        longest_first = sorted(anchors, key=len, reverse=True)
        escaped = re.sub("|".join(map(re.escape, longest_first)), anchor, escaped)
    return escaped.replace("\n", "<br>\n")
