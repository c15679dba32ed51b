"""What the columns of a file mean: proposed with a confidence, for a person to confirm.

A name is compared with our words and with the labels that mails and forms use, in several
languages; then the cells must not contradict it. Whoever has the same kind of file every week says
it once, in the playbook.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from leadloop.intake.fields.label_vocabulary import field_by_label, field_for_label, plain_label
from leadloop.intake.fields.mapping import CONSENT_FIELD
from leadloop.intake.files.columns import Column, map_columns
from leadloop.intake.tables.cell_shapes import cell_kind

SURE, LIKELY, CELLS_ONLY, UNLIKELY = 1.0, 0.95, 0.8, 0.3
SPECIFIC_PENALTY = 0.01  # a name that says whose or which it is gives way to one that says no more
LEAST_SIMILARITY = 88  # of 100: below, two words are only somewhat alike
MATCHING_SHARE = 0.7  # of a column's cells
REPEAT_SUFFIX = re.compile(r"\s\(\d{1,3}\)?$")  # as columns of one name are told apart
SHARED_ROWS = 4  # rows of one value: whoever that is, it is not the row's own person
WORD_BREAK = re.compile(r"[_./\s]+|(?<=[a-z])(?=[A-Z])")
# Of several of one person's.
QUALIFIERS = frozenset(
    (
        *("work", "business", "office", "main", "primary", "private", "personal", "value", "1"),
        *("geschäftlich", "geschäftliche", "dienstlich", "dienstliche", "privat"),
    )
)
# Who else has a name and an address in a list of people.
OTHER_PARTY_WORDS = frozenset(
    (
        *("accountmanager", "agent", "anbieter", "asesor", "assigned", "assistant"),
        *("assistent", "assistenten", "bearbeiter", "berater", "betreuer", "broker", "by"),
        *("co", "comercial", "commercial", "conseiller", "consulente", "dealer"),
        *("dealership", "doradca", "emergency", "exhibitor", "guardian", "handlowiec"),
        *("host", "händler", "innendienst", "makler", "manager", "manager's", "modified"),
        *("opiekun", "organiser", "organizer", "owner", "owner's", "parent", "referred"),
        *("referrer", "rep", "representative", "sales", "salesperson", "salesrep"),
        *("seller", "spouse", "supervisor", "säljare", "vendedor", "vendeur", "venditore"),
        *("verkäufer", "vermittler", "vertreter", "vertrieb"),
        *("vorgesetzte", "vorgesetzten"),
    )
)
COMPANY_WORDS = frozenset(
    ("associated", "company", "organisation", "organization", "zentrale", "firma", "empresa")
)
# Who may be a person or a firm.
AMBIGUOUS_PARTIES = frozenset(
    (
        *("name", "attendee", "buyer", "client", "cliente", "customer", "klant", "klient"),
        *("kunde", "lead"),
    )
)
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
KINDS_BY_CELLS = {"contact.email": "mail", "contact.website": "address"}  # by their cells alone
NAME_FIELDS = frozenset({"contact.name", "contact.first_name", "contact.last_name"})
PERSON_FIELDS = NAME_FIELDS | {"contact.email", "contact.phone"}


class _Candidate(NamedTuple):
    confidence: float
    place: int
    meaning: str


def propose_columns(
    columns: Sequence[str], rows: Iterable[Sequence[str]], mapped: Mapping[str, str]
) -> tuple[Column, ...]:
    """Each of our names is proposed for one column only, the one it fits best."""
    cells = [
        [row[place].strip() for row in rows if len(row) > place and row[place].strip()]
        for rows in (list(rows),)
        for place in range(len(columns))
    ]
    agreed = map_columns(columns, mapped)
    said = {name.casefold() for name in mapped}
    ideas: list[_Candidate] = []
    for place, name in enumerate(columns):
        if name in agreed and name.strip().casefold() in said:
            ideas.append(_Candidate(SURE, place, agreed[name]))
        else:
            own = [_Candidate(SURE, place, agreed[name])] if name in agreed else ()
            ideas += _weigh_candidates(own or _candidates(name, place, cells[place]), cells[place])
    taken: dict[int, _Candidate] = {}
    for idea in sorted(
        _drop_ambiguous_names(ideas, columns), key=lambda i: (-i.confidence, i.place)
    ):
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


def _weigh_candidates(ideas: Iterable[_Candidate], cells: Sequence[str]) -> Iterator[_Candidate]:
    """A column without cells tells nobody, and one of a single value is no person's own."""
    shared = len(cells) >= SHARED_ROWS and len(
        {cell.casefold() for cell in cells}
    ) * SHARED_ROWS <= len(cells)
    for idea in ideas:
        doubtful = not cells or (shared and idea.meaning in PERSON_FIELDS)
        yield idea._replace(confidence=UNLIKELY) if doubtful else idea


def _drop_ambiguous_names(
    ideas: Sequence[_Candidate], columns: Sequence[str]
) -> Iterator[_Candidate]:
    """“Name” or “customer” beside a contact's name, or its halves, may be a firm's or a deal's."""
    sure = [idea for idea in ideas if idea.confidence > CELLS_ONLY]
    bare = {
        idea
        for idea in sure
        if REPEAT_SUFFIX.sub("", plain_label(columns[idea.place])) in AMBIGUOUS_PARTIES
    }
    told = {idea.meaning for idea in sure if idea not in bare}
    better = "contact.name" in told or {"contact.first_name", "contact.last_name"} <= told
    return (idea for idea in ideas if not (better and idea in bare))


def _candidates(name: str, place: int, cells: Sequence[str]) -> Iterator[_Candidate]:
    words = [word for word in WORD_BREAK.split(name) if any(map(str.isalnum, word))]
    label = " ".join(words)
    said = {part for word in words for part in plain_label(word).split("-")}
    if said & OTHER_PARTY_WORDS:
        return
    kinds = [cell_kind(cell) for cell in cells]
    for meaning, kind in KINDS_BY_CELLS.items():
        if kinds and kinds.count(kind) >= MATCHING_SHARE * len(kinds):
            yield _Candidate(CELLS_ONLY, place, meaning)
    named, confidence = _match_label(label)
    if named is not None and not (named in PERSON_FIELDS and said & COMPANY_WORDS):
        wanted = EXPECTED_KINDS.get(named)
        fits = (
            not wanted
            or not kinds
            or sum(k in wanted for k in kinds) >= MATCHING_SHARE * len(kinds)
        )
        if fits or named not in NAME_FIELDS:
            yield _Candidate(confidence if fits else min(confidence, UNLIKELY), place, named)


def _match_label(label: str) -> tuple[str | None, float]:
    """By the label alone: exactly, else by the one most like it."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415  who only reads rows needs it not

    plain = plain_label(label)
    if plain in field_by_label():
        return field_by_label()[plain], LIKELY
    exact = field_for_label(label, {}) or field_for_label(_strip_qualifiers(plain), {})
    if exact is not None:
        return exact, LIKELY - SPECIFIC_PENALTY
    if plain in (CONSENT_FIELD, "opt in", "einwilligung", "consentement", "zgoda"):
        return CONSENT_FIELD, LIKELY
    found = process.extractOne(
        plain, field_by_label().keys(), scorer=fuzz.token_sort_ratio, score_cutoff=LEAST_SIMILARITY
    )
    if found is None:
        return None, 0.0
    return field_by_label()[found[0]], 0.9 * found[1] / 100


def _strip_qualifiers(label: str) -> str:
    """“Phone 1 value” and “business phone” are a phone."""
    words = label.split()
    while len(words) > 1 and words[-1] in QUALIFIERS:
        words.pop()
    while len(words) > 1 and words[0] in QUALIFIERS:
        words.pop(0)
    return " ".join(words)
