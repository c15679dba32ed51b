"""Proposes what the columns of a file mean, with a confidence, for a person to confirm.

A column's name is compared with our names and with the labels that mails and forms use, in several
languages. Then the cells must not contradict it. A vendor who sends the same kind of file often is
mapped once, in the playbook.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from leadloop.intake.fields.label_vocabulary import field_by_label, field_for_label, plain_label
from leadloop.intake.fields.mapping import CONSENT_FIELD
from leadloop.intake.files.columns import Column, map_columns
from leadloop.intake.tables.cell_shapes import cell_kind
from leadloop.intake.text.phrase_files import load_phrases

# Confidences, from 0 to 1.
SURE, LIKELY, CELLS_ONLY, UNLIKELY = 1.0, 0.95, 0.8, 0.3
SPECIFIC_PENALTY = 0.01  # a name with a qualifier gives way to the same name without one
SIMILAR_WEIGHT = 0.9  # of the confidence in a label that is only similar
LEAST_SIMILARITY = 88  # of 100: below, two labels are only somewhat alike
MATCHING_SHARE = 0.7  # of a column's cells
REPEAT_SUFFIX = re.compile(r"\s\(\d{1,3}\)?$")  # by which columns of one name are told apart
SHARED_ROWS = 4  # rows with one value: it is not a value of the row's own person
LONGEST_EXAMPLE = 80  # characters
WORD_BREAK = re.compile(r"[_./\s]+|(?<=[a-z])(?=[A-Z])")
# Field → the kinds of cell (`tables.cell_shapes`) that it may have.
EXPECTED_KINDS = {
    "contact.name": {"word", "words", "text"},
    "contact.first_name": {"word", "words"},
    "contact.last_name": {"word", "words"},
    "contact.email": {"mail"},
    "contact.phone": {"phone", "whole", "number"},
    "contact.website": {"address", "word"},
    "interest.budget": {"whole", "number", "money"},
    "interest.employees": {"whole", "number", "code"},
}
# Fields that cells alone prove, whatever the column's name.
KINDS_BY_CELLS = {"contact.email": "mail", "contact.website": "address"}
NAME_FIELDS = frozenset({"contact.name", "contact.first_name", "contact.last_name"})
PERSON_FIELDS = NAME_FIELDS | {"contact.email", "contact.phone"}


class _Candidate(NamedTuple):
    """`meaning`, one of our full names, for the column at `place`, counted from 0."""

    confidence: float
    place: int
    meaning: str


def propose_columns(
    columns: Sequence[str], rows: Iterable[Sequence[str]], mapped: Mapping[str, str]
) -> tuple[Column, ...]:
    """A proposal for each column. Each of our names goes to the one column that it fits best.

    `rows` are a sample of cells, `mapped` is the source's mapping of names.
    """
    cells = [
        [row[place].strip() for row in rows if len(row) > place and row[place].strip()]
        for rows in (list(rows),)
        for place in range(len(columns))
    ]
    agreed = map_columns(columns, mapped)
    mapped_names = {name.casefold() for name in mapped}
    candidates: list[_Candidate] = []
    for place, name in enumerate(columns):
        if name in agreed and name.strip().casefold() in mapped_names:
            candidates.append(_Candidate(SURE, place, agreed[name]))
        else:
            agreed_candidate = [_Candidate(SURE, place, agreed[name])] if name in agreed else ()
            candidates += _weigh_candidates(
                agreed_candidate or _candidates(name, place, cells[place]), cells[place]
            )
    chosen: dict[int, _Candidate] = {}
    for candidate in sorted(
        _drop_ambiguous_names(candidates, columns), key=lambda c: (-c.confidence, c.place)
    ):
        meanings = {each.meaning for each in chosen.values()}
        if candidate.place not in chosen and candidate.meaning not in meanings:
            chosen[candidate.place] = candidate
    return tuple(
        Column(
            name=name,
            meaning=chosen[place].meaning if place in chosen else None,
            confidence=round(chosen[place].confidence, 2) if place in chosen else 0.0,
            examples=tuple(text[:LONGEST_EXAMPLE] for text in cells[place][:3]),
        )
        for place, name in enumerate(columns)
    )


@cache
def _column_words(group: str) -> frozenset[str]:
    return frozenset(load_phrases("leadloop.intake.files", "column_words")[group])


def _weigh_candidates(
    candidates: Iterable[_Candidate], cells: Sequence[str]
) -> Iterator[_Candidate]:
    """A column without cells proves nothing, and one of few values is not about the person."""
    values = {cell.casefold() for cell in cells}
    is_shared = len(cells) >= SHARED_ROWS and len(values) * SHARED_ROWS <= len(cells)
    for candidate in candidates:
        is_doubtful = not cells or (is_shared and candidate.meaning in PERSON_FIELDS)
        yield candidate._replace(confidence=UNLIKELY) if is_doubtful else candidate


def _drop_ambiguous_names(
    candidates: Sequence[_Candidate], columns: Sequence[str]
) -> Iterator[_Candidate]:
    """Beside a contact's name, a column “name” or “customer” may be a company's or a deal's."""
    certain = [candidate for candidate in candidates if candidate.confidence > CELLS_ONLY]
    ambiguous = {
        candidate
        for candidate in certain
        if REPEAT_SUFFIX.sub("", plain_label(columns[candidate.place]))
        in _column_words("person_or_company")
    }
    certain_meanings = {each.meaning for each in certain if each not in ambiguous}
    has_name = (
        "contact.name" in certain_meanings
        or {"contact.first_name", "contact.last_name"} <= certain_meanings
    )
    return (each for each in candidates if not (has_name and each in ambiguous))


def _candidates(name: str, place: int, cells: Sequence[str]) -> Iterator[_Candidate]:
    words = [word for word in WORD_BREAK.split(name) if any(map(str.isalnum, word))]
    label = " ".join(words)
    label_parts = {part for word in words for part in plain_label(word).split("-")}
    if label_parts & _column_words("other_party"):
        return
    kinds = [cell_kind(cell) for cell in cells]
    for meaning, kind in KINDS_BY_CELLS.items():
        if kinds and kinds.count(kind) >= MATCHING_SHARE * len(kinds):
            yield _Candidate(CELLS_ONLY, place, meaning)
    field, confidence = _match_label(label)
    if field is not None and not (
        field in PERSON_FIELDS and label_parts & _column_words("company")
    ):
        expected = EXPECTED_KINDS.get(field)
        fits = (
            not expected
            or not kinds
            or sum(kind in expected for kind in kinds) >= MATCHING_SHARE * len(kinds)
        )
        if fits or field not in NAME_FIELDS:
            yield _Candidate(confidence if fits else min(confidence, UNLIKELY), place, field)


def _match_label(label: str) -> tuple[str | None, float]:
    """The field of a label, else of the most similar one, and the confidence in it."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415  reading rows does not need it

    plain = plain_label(label)
    if plain in field_by_label():
        return field_by_label()[plain], LIKELY
    field = field_for_label(label, {}) or field_for_label(_strip_qualifiers(plain), {})
    if field is not None:
        return field, LIKELY - SPECIFIC_PENALTY
    if plain in _column_words("consent"):
        return CONSENT_FIELD, LIKELY
    match = process.extractOne(
        plain, field_by_label().keys(), scorer=fuzz.token_sort_ratio, score_cutoff=LEAST_SIMILARITY
    )
    if match is None:
        return None, 0.0
    similar, similarity, _ = match
    return field_by_label()[similar], SIMILAR_WEIGHT * similarity / 100


def _strip_qualifiers(label: str) -> str:
    """“phone” of “phone 1 value” and of “business phone”."""
    words = label.split()
    while len(words) > 1 and words[-1] in _column_words("qualifier"):
        words.pop()
    while len(words) > 1 and words[0] in _column_words("qualifier"):
        words.pop(0)
    return " ".join(words)
