"""What the columns of a file mean: proposed with a confidence, for a person to confirm.

A name is compared with our words and with the labels that mails and forms use, in several
languages; then the cells must not contradict it. Whoever has the same kind of file every week says
it once, in the playbook.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from leadloop.intake.fields.label_vocabulary import COMMON, known, plain_label
from leadloop.intake.fields.mapping import CONSENT
from leadloop.intake.files.columns import Column, own_meaning
from leadloop.intake.tables.cell_shapes import kind_of

SURE, LIKELY, SEEN, UNLIKELY = 1.0, 0.95, 0.8, 0.3
LESS = 0.01  # a name that says whose or which it is gives way to one that says no more
CUT_OFF = 88  # of 100: below, two words are only somewhat alike
MOST_OF = 0.7  # of a column's cells
AGAIN = re.compile(r"\s\(\d{1,3}\)?$")  # as columns of one name are told apart
SHARED = 4  # rows of one value: whoever that is, it is not the row's own person
WORDS = re.compile(r"[_./\s]+|(?<=[a-z])(?=[A-Z])")
# Of several of one person's.
WHICH = frozenset(
    (
        *("work", "business", "office", "main", "primary", "private", "personal", "value", "1"),
        *("geschäftlich", "geschäftliche", "dienstlich", "dienstliche", "privat"),
    )
)
# Who else has a name and an address in a list of people.
OTHERS = frozenset(
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
FIRMS = frozenset(
    ("associated", "company", "organisation", "organization", "zentrale", "firma", "empresa")
)
# Who may be a person or a firm.
PARTIES = frozenset(
    (
        *("name", "attendee", "buyer", "client", "cliente", "customer", "klant", "klient"),
        *("kunde", "lead"),
    )
)
LOOKS = {
    "contact.name": {"word", "words", "text"},
    "contact.first_name": {"word", "words"},
    "contact.last_name": {"word", "words"},
    "contact.email": {"mail"},
    "contact.phone": {"phone", "whole", "number"},
    "contact.website": {"address", "word"},
    "interest.budget": {"whole", "number", "money"},
    "interest.employees": {"whole", "number", "code"},
}
TELLING = {"contact.email": "mail", "contact.website": "address"}  # by their cells alone
NAMES = frozenset({"contact.name", "contact.first_name", "contact.last_name"})
PERSONS = NAMES | {"contact.email", "contact.phone"}


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
    said = {name.casefold() for name in mapped}
    ideas: list[_Idea] = []
    for place, name in enumerate(columns):
        if name in agreed and name.strip().casefold() in said:
            ideas.append(_Idea(SURE, place, agreed[name]))
        else:
            own = [_Idea(SURE, place, agreed[name])] if name in agreed else ()
            ideas += _weighed(own or _ideas(name, place, cells[place]), cells[place])
    taken: dict[int, _Idea] = {}
    for idea in sorted(_without_titles(ideas, columns), key=lambda i: (-i.confidence, i.place)):
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


def _weighed(ideas: Iterable[_Idea], cells: Sequence[str]) -> Iterator[_Idea]:
    """A column without cells tells nobody, and one of a single value is no person's own."""
    shared = len(cells) >= SHARED and len({cell.casefold() for cell in cells}) * SHARED <= len(
        cells
    )
    for idea in ideas:
        doubtful = not cells or (shared and idea.meaning in PERSONS)
        yield idea._replace(confidence=UNLIKELY) if doubtful else idea


def _without_titles(ideas: Sequence[_Idea], columns: Sequence[str]) -> Iterator[_Idea]:
    """“Name” or “customer” beside a contact's name, or its halves, may be a firm's or a deal's."""
    sure = [idea for idea in ideas if idea.confidence > SEEN]
    bare = {idea for idea in sure if AGAIN.sub("", plain_label(columns[idea.place])) in PARTIES}
    told = {idea.meaning for idea in sure if idea not in bare}
    better = "contact.name" in told or {"contact.first_name", "contact.last_name"} <= told
    return (idea for idea in ideas if not (better and idea in bare))


def _ideas(name: str, place: int, cells: Sequence[str]) -> Iterator[_Idea]:
    words = [word for word in WORDS.split(name) if any(map(str.isalnum, word))]
    label = " ".join(words)
    said = {part for word in words for part in plain_label(word).split("-")}
    if said & OTHERS:
        return
    kinds = [kind_of(cell) for cell in cells]
    for meaning, kind in TELLING.items():
        if kinds and kinds.count(kind) >= MOST_OF * len(kinds):
            yield _Idea(SEEN, place, meaning)
    named, confidence = _named(label)
    if named is not None and not (named in PERSONS and said & FIRMS):
        wanted = LOOKS.get(named)
        fits = not wanted or not kinds or sum(k in wanted for k in kinds) >= MOST_OF * len(kinds)
        if fits or named not in NAMES:
            yield _Idea(confidence if fits else min(confidence, UNLIKELY), place, named)


def _named(label: str) -> tuple[str | None, float]:
    """By the label alone: exactly, else by the one most like it."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415  who only reads rows needs it not

    plain = plain_label(label)
    if plain in COMMON:
        return COMMON[plain], LIKELY
    exact = known(label, {}) or known(_whichever(plain), {})
    if exact is not None:
        return exact, LIKELY - LESS
    if plain in (CONSENT, "opt in", "einwilligung", "consentement", "zgoda"):
        return CONSENT, LIKELY
    found = process.extractOne(
        plain, COMMON.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=CUT_OFF
    )
    if found is None:
        return None, 0.0
    return COMMON[found[0]], 0.9 * found[1] / 100


def _whichever(label: str) -> str:
    """“Phone 1 value” and “business phone” are a phone."""
    words = label.split()
    while len(words) > 1 and words[-1] in WHICH:
        words.pop()
    while len(words) > 1 and words[0] in WHICH:
        words.pop(0)
    return " ".join(words)
