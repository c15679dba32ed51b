"""Several values of one name in a form's post: the ticks of one question, or a box and its twin.

Source: HTML standard (a group of check boxes sends its name once a tick); PHP manual (`name[]`);
Ruby on Rails and ASP.NET MVC, a hidden input of a check box's name.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

SEPARATOR = ", "
LIST_BRACKETS = re.compile(r"\[\d{0,4}\]$")
# What a hidden input says for a box without a tick, and what a tick says.
UNTICKED = frozenset({"0", "false", "no", "off"})
TICKED = frozenset({"1", "true", "yes", "on"})


def join_repeated(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    """Each name with its value; several texts of a name become one, each text once.

    An empty text beside another counts for nothing, and so does “0” beside a tick.
    """
    values: dict[str, list[object]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return {name: each[0] if len(each) == 1 else join_values(each) for name, each in values.items()}


def join_values(values: Sequence[object]) -> object:
    """One value of several of the same name; the last one if they are no texts."""
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) < len(values):
        return values[-1]
    unique = list(dict.fromkeys(text for text in texts if text.strip()))
    words = {text.strip().casefold() for text in unique}
    if words & TICKED and words <= TICKED | UNTICKED:
        unique = [text for text in unique if text.strip().casefold() in TICKED]
    return SEPARATOR.join(unique) if unique else texts[-1]


def bare_name(name: str) -> str:
    """`product` of PHP's `product[]` and `product[0]`."""
    return LIST_BRACKETS.sub("", name)


def merge_brackets(
    document: Mapping[str, object], known_names: Iterable[str] = ()
) -> dict[str, object]:
    """The document with `product[]` and `product[0]` as `product`, but for names that are known."""
    kept = set(known_names)
    pairs = ((name if name in kept else bare_name(name), value) for name, value in document.items())
    return join_repeated(pairs)
