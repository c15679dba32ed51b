"""The Liquid that users may write: a fixed list of tags and filters, with bounds on their cost.

Left out on purpose: tags that read other templates; filters that are slow on hostile text
(`strip_html`), that enlarge it by a factor (`base64_*`) or that make HTML; the clock (`now`,
`today`).

Source: https://shopify.github.io/liquid/
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import ClassVar, Protocol
from urllib.parse import urlsplit

from liquid import Environment
from liquid.builtin.filters.math import times
from liquid.builtin.filters.string import split
from liquid.context import RenderContext
from liquid.exceptions import FilterArgumentError
from liquid.filter import (
    liquid_filter,
    math_filter,
    num_arg,
    sequence_filter,
    string_filter,
    with_context,
)
from liquid.limits import to_int

from leadloop.content.render_bounds import BoundedTemplate

LINKS_KEY = " links"  # holds the links while rendering; in a template it renders as nothing
TEXT_MOST = 256 * 1024  # bytes that a template may write; a mail has a hundredth of that
NUMBER_MOST = 10**30  # of a product; repeated squaring would take minutes within all other bounds
NUMBER_DIGITS_MOST = 320  # before the point; a float has 309
PLACES_MOST = 340  # behind the point; a float has no more
_ROUNDING = Context(prec=NUMBER_DIGITS_MOST + PLACES_MOST + 2)

TAGS = """
    assign break capture case comment continue cycle decrement doc echo for if increment liquid
    unless # content illegal literal output
""".split()  # noqa: SIM905 - reads better than a list of quotes
FILTERS = """
    abs append at_least at_most capitalize ceil date default divided_by downcase first floor join
    last lstrip minus modulo plus prepend remove remove_first replace replace_first reverse round
    rstrip size slice split squish strip times truncate truncatewords upcase url_encode
""".split()  # noqa: SIM905 - the same


class LinkCollector(Protocol):
    """Collects the links of a message while it is rendered."""

    def link(self, url: str, label: str) -> str:
        """The text of a link to `url`."""

    def track(self, url: str, label: str) -> str:
        """The text of a link to `url` that is counted when it is clicked."""


class TemplateEnvironment(Environment):
    """The environment of templates. A template that exceeds a bound raises and sends nothing."""

    template_class = BoundedTemplate
    loop_iteration_limit: ClassVar[int | None] = 10_000
    local_namespace_limit: ClassVar[int | None] = 256 * 1024
    output_stream_limit: ClassVar[int | None] = TEXT_MOST

    def __init__(self) -> None:
        super().__init__(globals={"now": "", "today": ""})
        self.tags = {name: tag for name, tag in self.tags.items() if name in TAGS}
        self.filters = {name: each for name, each in self.filters.items() if name in FILTERS}
        self.filters |= {"date": _date, "join": _join, "replace": _replace, "times": _times}
        self.filters |= {"round": _round, "split": _split, "truncate": _truncate}
        self.filters |= {"link": _link, "track": _track}


@math_filter
def _times(number: float, by: object) -> object:
    product = times(number, by)
    if abs(product) > NUMBER_MOST:
        raise FilterArgumentError("times: the number would grow too large", token=None)
    return product


@math_filter
def _round(number: float, digits: object = None) -> float:
    """Halves go away from zero, as in Liquid; Python's `round` goes to the even neighbour."""
    places = max(min(int(num_arg(digits, default=0)), PLACES_MOST), -NUMBER_DIGITS_MOST)
    exact = Decimal(str(number))
    if not exact.is_finite() or exact.adjusted() > NUMBER_DIGITS_MOST:
        raise FilterArgumentError("round: the number is too large", token=None)
    if isinstance(number, int) and places >= 0:
        return number
    rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, context=_ROUNDING)
    return float(rounded) if places > 0 else int(rounded)


@string_filter
def _split(text: str, separator: object = "") -> list[str]:
    """Empty texts at the end are dropped, as in Liquid."""
    texts: list[str] = split(text, separator)
    while texts and not texts[-1]:
        texts.pop()
    return texts


@string_filter
def _truncate(text: str, length: object = 50, end: object = "...") -> str:
    """At most `length` characters with `end`, but never less than `end`, as in Liquid."""
    try:
        most = to_int(length)
    except (TypeError, ValueError) as error:
        raise FilterArgumentError("truncate: the length is no number", token=None) from error
    tail = str(end)
    return text if len(text) <= most else text[: max(most - len(tail), 0)] + tail


@string_filter
def _replace(text: str, old: object, new: object = "") -> str:
    replacement = str(new)
    if text.count(str(old)) * len(replacement) > TEXT_MOST:
        raise FilterArgumentError("replace: the text would grow too long", token=None)
    return text.replace(str(old), replacement)


@sequence_filter
def _join(items: Sequence[object], between: object = " ") -> str:
    texts = ["" if item is None else str(item) for item in items]
    if sum(map(len, texts)) + len(texts) * len(str(between)) > TEXT_MOST:
        raise FilterArgumentError("join: the text would grow too long", token=None)
    return str(between).join(texts)


@liquid_filter
def _date(value: object, form: object = "%Y-%m-%d") -> str:
    """A date, datetime or ISO 8601 text in a strftime form, in UTC; other values as text."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return str(value)
    if isinstance(value, datetime) and value.tzinfo:
        value = value.astimezone(UTC)
    if not isinstance(value, date):
        return "" if value is None else str(value)
    return value.strftime(str(form)[:100])


@with_context
@string_filter
def _link(url: str, label: object = "", *, context: RenderContext) -> str:
    return _link_collector(context).link(_check_absolute_url(url), str(label))


@with_context
@string_filter
def _track(url: str, label: object = "", *, context: RenderContext) -> str:
    return _link_collector(context).track(_check_absolute_url(url), str(label))


def _link_collector(context: RenderContext) -> LinkCollector:
    links: LinkCollector = context.globals[LINKS_KEY]  # type: ignore[assignment] # render puts it there
    return links


def _check_absolute_url(url: str) -> str:
    address = url.strip()
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not address.isprintable():
        raise FilterArgumentError("a link goes to an absolute http or https address", token=None)
    return address
