"""What the columns of a file mean: proposed with a confidence, for a person to confirm.

A name is compared with our words and with the labels that mails and forms use, in several
languages; then the cells must not contradict it. Whoever has the same kind of file every week says
it once, in the playbook.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from leadloop.intake.columns import Column, own_meaning
from leadloop.intake.mapping import CONSENT
from leadloop.intake.tables.shapes import kind_of
from leadloop.intake.vocabulary import COMMON, known, plain_label

SURE, LIKELY, SEEN, UNLIKELY = 1.0, 0.95, 0.8, 0.3
CUT_OFF = 80  # of 100: below, two words are only somewhat alike
MOST_OF = 0.7  # of a column's cells
WORDS = re.compile(r"[_./\s]+|(?<=[a-z])(?=[A-Z])")
LOOKS = {
    "contact.email": {"mail"},
    "contact.phone": {"phone", "whole", "number"},
    "contact.website": {"address", "word"},
    "interest.budget": {"whole", "number", "money"},
    "interest.employees": {"whole", "number", "code"},
}
TELLING = {"contact.email": "mail", "contact.website": "address"}  # by their cells alone


class _Idea(NamedTuple):
    confidence: float
    place: int
    meaning: str


def proposed(
    columns: Sequence[str], rows: Iterable[Sequence[str]], mapped: Mapping[str, str]
) -> tuple[Column, ...]:
    """Each of our names is proposed for one column only, the one it fits best."""
    cells = [
        [row[place].strip() for row in rows if len(row) > place and row[place].strip()]
        for rows in (list(rows),)
        for place in range(len(columns))
    ]
    agreed = own_meaning(columns, mapped)
    ideas = [
        idea
        for place, name in enumerate(columns)
        for idea in _ideas(name, place, cells[place], agreed)
    ]
    taken: dict[int, _Idea] = {}
    for idea in sorted(ideas, key=lambda idea: (-idea.confidence, idea.place)):
        if idea.place not in taken and idea.meaning not in {i.meaning for i in taken.values()}:
            taken[idea.place] = idea
    return tuple(
        Column(
            name=name,
            meaning=taken[place].meaning if place in taken else None,
            confidence=round(taken[place].confidence, 2) if place in taken else 0.0,
            examples=tuple(text[:80] for text in cells[place][:3]),
        )
        for place, name in enumerate(columns)
    )


def _ideas(
    name: str, place: int, cells: Sequence[str], agreed: Mapping[str, str]
) -> Iterable[_Idea]:
    if name in agreed:
        yield _Idea(SURE, place, agreed[name])
        return
    kinds = [kind_of(cell) for cell in cells]
    for meaning, kind in TELLING.items():
        if kinds and kinds.count(kind) >= MOST_OF * len(kinds):
            yield _Idea(SEEN, place, meaning)
    label = " ".join(filter(None, WORDS.split(name)))
    named, confidence = _named(label)
    if named is not None:
        wanted = LOOKS.get(named)
        fits = not wanted or not kinds or sum(k in wanted for k in kinds) >= MOST_OF * len(kinds)
        yield _Idea(confidence if fits else min(confidence, UNLIKELY), place, named)


def _named(label: str) -> tuple[str | None, float]:
    """By the label alone: exactly, else by the one most like it."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415  who only reads rows needs it not

    exact = known(label, {})
    if exact is not None:
        return exact, LIKELY
    if plain_label(label) in (CONSENT, "opt in", "einwilligung", "consentement", "zgoda"):
        return CONSENT, LIKELY
    found = process.extractOne(
        plain_label(label), COMMON.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=CUT_OFF
    )
    if found is None:
        return None, 0.0
    return COMMON[found[0]], 0.9 * found[1] / 100
