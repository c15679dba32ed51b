"""From a template and words to a message: what we say, safe whoever wrote the template.

The rules of this file: templates are Liquid with bounded time and memory and without files,
clock or HTML of their own; the HTML part is made from the text, so whatever a lead typed stays
text in it; a link is a link there only if the template or a link maker of ours wrote it (a word
that ends in `_url` is ours); what cannot be said is said to whoever publishes the playbook.
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

_ENVIRONMENT = TemplateEnvironment()
_URL_IN_TEXT = re.compile(r"https?://[^\s<>\"'{}|\\^`]*[^\s<>\"'{}|\\^`.,;:!?)]")
_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_SUBJECT_MOST = 200  # characters; a longer one is cut


class TemplateBroken(ValueError):
    """The template cannot be rendered with these words: trying again will not help."""


class RenderedMessage(NamedTuple):
    """One thing said: a subject of one line, and the body in both forms."""

    subject: str
    text: str
    html: str


class Tracking(NamedTuple):
    """How links become click links, and the address of the picture that tells of an open."""

    click: Callable[[str], str]
    picture: str | None = None


@dataclass(slots=True)
class _RenderedLinks:
    """Links said while rendering: what the text shows for each, and where it goes."""

    click: Callable[[str], str] | None
    links: dict[str, str] = field(default_factory=dict)

    def link(self, url: str, label: str) -> str:
        return self._add(url, label)

    def track(self, url: str, label: str) -> str:
        return self._add(self.click(url) if self.click else url, label)

    def _add(self, url: str, label: str) -> str:
        shown = f"{label}: {url}" if label else url
        self.links[shown] = url
        return shown

    def __str__(self) -> str:
        return ""


def render_template(
    template: Template,
    language: str,
    words: Mapping[str, object],
    *,
    default: str,
    tracking: Tracking | None = None,
) -> RenderedMessage:
    """Say it in `language`, else in the `default` one; a missing word is said as nothing.

    `words` are plain data (mappings, lists, texts, numbers, datetimes). Without `tracking` a
    tracked link goes straight to its target.

    Raises:
        TemplateBroken: it runs past its bounds, or does what these words cannot do.

    """
    spoken = choose_language(template, language, default)
    text = template.texts[spoken]
    said = _RenderedLinks(tracking.click if tracking else None)
    said.links.update({url: url for url in _URL_IN_TEXT.findall(text.body)})
    said.links.update(
        {url: url for word, url in words.items() if word.endswith("_url") and isinstance(url, str)}
    )
    try:
        subject = _parse_template(text.subject).render({**words, LINKS_KEY: said})
        body = _parse_template(text.body).render({**words, LINKS_KEY: said}).strip()
    except (LiquidError, ValueError, ArithmeticError, RecursionError) as error:
        raise TemplateBroken(
            f"template {template.id}, {spoken}: {_first_error_line(error)}"
        ) from error
    title = one_line(subject)[:_SUBJECT_MOST]
    picture = tracking.picture if tracking else None
    return RenderedMessage(
        title, f"{body}\n", _render_html(title, body, said.links, spoken, picture)
    )


def choose_language(template: Template, language: str, default: str) -> str:
    """Which of the template's languages: the one asked for, its primary tag, or the default."""
    wanted = (language, language.partition("-")[0], default)
    return next((each for each in wanted if each in template.texts), next(iter(template.texts)))


def template_faults(template: Template) -> tuple[str, ...]:
    """What is wrong with it, one line per fault, each beginning with where: `texts.en.body`."""
    found = []
    for language, text in template.texts.items():
        for name, source in (("subject", text.subject), ("body", text.body)):
            where = f"texts.{language}.{name}"
            try:
                used = _parse_template(source).analyze(include_partials=False).filters
            except LiquidError as error:
                found.append(f"{where}: {_first_error_line(error)}")
            else:
                unknown = sorted(used.keys() - _ENVIRONMENT.filters.keys())
                found += [f"{where}: unknown filter {each!r}" for each in unknown]
    return tuple(found)


def used_words(text: Text) -> frozenset[str]:
    """The words a text asks for, as `lead.name`; what it assigns itself is not among them.

    Raises:
        TemplateBroken: it is no Liquid.

    """
    try:
        parsed = (_parse_template(text.subject), _parse_template(text.body))
    except LiquidError as error:
        raise TemplateBroken(_first_error_line(error)) from error
    return frozenset(path for each in parsed for path in each.global_variable_paths())


@lru_cache(maxsize=256)
def _parse_template(source: str) -> BoundTemplate:
    return _ENVIRONMENT.from_string(source)


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
    """`text` escaped, with line breaks kept and each of `links` a link."""
    anchors = {html.escape(shown): (shown, url) for shown, url in links.items() if shown}

    def anchor(match: re.Match[str]) -> str:
        shown, url = anchors[match[0]]
        label = shown.removesuffix(f": {url}")
        return f'<a href="{html.escape(url)}">{html.escape(label)}</a>'

    escaped = html.escape(text)
    if anchors:
        longest_first = sorted(anchors, key=len, reverse=True)
        escaped = re.sub("|".join(map(re.escape, longest_first)), anchor, escaped)
    return escaped.replace("\n", "<br>\n")
