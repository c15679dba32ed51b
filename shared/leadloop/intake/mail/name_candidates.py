"""Names of the person in sentences, headings and subjects: “Ada Byron is interested in …”.

A name counts where a phrase of `phrases/announcements.txt` stands beside it, or where the person's
mail address has a word of it. The vendor's and its staff's names do not count.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from leadloop.intake.fields.address_pattern import EMAIL_PATTERN
from leadloop.intake.fields.label_vocabulary import field_for_label
from leadloop.intake.formats import person_names
from leadloop.intake.formats.vendor_lines import VendorLines
from leadloop.intake.text.joined_scripts import JOINED_LETTERS
from leadloop.intake.text.phrase_files import alternatives, load_phrases

LONGEST_MESSAGE = 3_000  # characters in which somebody may tell the own name
LONGEST_LINE = 300  # characters that are looked at
MOST_LINES = 80
MOST_WORDS = 5  # of a name
SHORTEST_WORD = 4  # letters that a name and an address have in common not only by chance
PIECE = re.compile(r"[,;|()<>\[\]:：/·•\"“”„«»【】（）—–]|\s-\s")
COMPANY_AFTER = re.compile(
    r"\s(from|at|of|von|bei|hos|fra|från|firmy|chez|di|de|du|da|del|van)\s(\w.{1,60})$"
)
INITIAL_AT_END = re.compile(r"\w \w$")  # “Ada B.”: the full stop belongs to the name
CONTACT_ASIDE = re.compile(r" ?\([^()]{0,80}@[^()]{0,80}\)")  # “Ada (ada@byron.example) wrote”
WORD_EDGE = ' \t-–—|,.:;!?"“”„«»()[]<>*_'


class AnnouncedPerson(NamedTuple):
    """A person's name with the line that has it, and what stands there behind the phrase."""

    name: str
    rest: str
    line: str
    weight: int = 1  # how surely the phrase speaks of the person
    company: str = ""


def announced_persons(lines: Iterable[str], vendor: VendorLines) -> Iterator[AnnouncedPerson]:
    """The persons of whom a phrase speaks, in the order of the lines."""
    for line in lines:
        whole = " ".join(line[:LONGEST_LINE].split())
        text = CONTACT_ASIDE.sub("", whole)
        for match in behind_name_pattern().finditer(text):
            words, company = _split_company(_clause_before(text[: match.start()]))
            if name := clean_name(words, vendor):
                yield AnnouncedPerson(name, text[match.end() :].strip(), whole, 3, company)
        for match in before_name_pattern().finditer(text):
            words = _words_behind(text[match.end() :])
            if name := clean_name(words, vendor):
                weight = 1 if match[0].rstrip().endswith((":", "：")) else 2
                yield AnnouncedPerson(
                    name, text[match.end() :].partition(words)[2].strip(), whole, weight
                )


def name_in_subject(subject: str, vendor: VendorLines) -> str | None:
    """The name at the end of a subject, behind “from”."""
    pieces = sender_in_subject_pattern().split(subject[:LONGEST_LINE])
    name = clean_name(pieces[-1], vendor) if len(pieces) > 1 else None
    return name if name and len(name.split()) > 1 else None


def called_in_speech(message: str, vendor: VendorLines) -> str | None:
    """The name by which whoever speaks calls themselves: “my name is Ada Byron”."""
    for match in speech_pattern().finditer(message[:LONGEST_MESSAGE]):
        name = clean_name(_words_behind(message[match.end() :][:LONGEST_LINE]), vendor)
        if name and len(name.split()) > 1:
            return name
    return None


def name_of_address(texts: Iterable[str], email: str, vendor: VendorLines) -> str | None:
    """The name in a piece of these texts that has a word with the address in common."""
    best: tuple[int, str] | None = None
    mailbox = _plain(email.partition("@")[0])
    for text in texts:
        for piece in PIECE.split(EMAIL_PATTERN.sub("|", text[:LONGEST_LINE])):
            name = clean_name(piece.strip(WORD_EDGE), vendor)
            words = [_plain(word) for word in (name or "").split()]
            shared = sum(len(word) for word in words if _is_shared(word, mailbox))
            if name and shared and len(words) > 1 and (best is None or shared > best[0]):
                best = (shared, name)
    return best[1] if best else None


def is_name_of_mailbox(name: str, email: str) -> bool:
    """Whether a word of a name stands in the mailbox of an address."""
    mailbox = _plain(email.partition("@")[0])
    return any(_is_shared(_plain(word), mailbox) for word in name.split())


def clean_name(text: str, vendor: VendorLines) -> str | None:
    """The name in a text without its title; None where it is none, or the vendor's."""
    name = _without_label(person_names.strip_titles(text.strip(WORD_EDGE)))
    if not name or person_names.is_placeholder_name(name) or vendor.names_vendor(name):
        return None
    if person_names.has_company_ending(name) or _is_placeholder_word(name):
        return None
    if not person_names.may_be_name(name):
        return None
    return f"{name}." if f"{name}." in text and INITIAL_AT_END.search(name) else name


def _without_label(text: str) -> str:
    """The text without the label of the next value at its end: “Ada Byron Telephone”."""
    name, _, last = text.rpartition(" ")
    return name if " " in name and field_for_label(last, {}) == "contact.phone" else text


def _is_placeholder_word(name: str) -> bool:
    words = load_phrases(__package__, "announcements")["nobody"]
    return any(word.casefold() in words for word in name.split())


def _is_shared(word: str, mailbox: str) -> bool:
    return len(word) >= SHORTEST_WORD and word in mailbox


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss").replace("ø", "o"))
    folded = folded.replace("ł", "l").replace("ı", "i").replace("đ", "d")
    return "".join(sign for sign in folded if sign.isalnum())


def _clause_before(text: str) -> str:
    """The last clause of a text."""
    return PIECE.split(re.split(r"(?<=\w\w)[.!?,]\s", text)[-1])[-1]


def _split_company(clause: str) -> tuple[str, str]:
    """The name and the company in “Ada Byron from Engines Ltd”."""
    match = COMPANY_AFTER.search(clause)
    if match and (
        match[1] not in "di de du da del van" or person_names.has_company_ending(match[2])
    ):
        return _words_before(clause[: match.start()]), match[2].strip()
    return _words_before(clause), ""


def expand_name(name: str, texts: Iterable[str]) -> str:
    """The whole name of whom a text calls by the first name alone, where it is told elsewhere."""
    if " " in name:
        return name
    pattern = re.compile(rf"\b{re.escape(name)} (?=[^\W\d_])")
    for text in texts:
        for match in pattern.finditer(text[:LONGEST_LINE]):
            whole = _words_behind(text[match.start() : LONGEST_LINE])
            if len(whole.split()) > 1 and person_names.may_be_name(whole):
                return whole
    return name


def _words_before(clause: str) -> str:
    """The words at the end of a clause that may be a name."""
    words = clause.split()
    start = len(words)
    while start and len(words) - start < MOST_WORDS and _is_name_word(words[start - 1]):
        start -= 1
    return " ".join(_trim(words[start:]))


def _words_behind(text: str) -> str:
    """The words at the beginning of a text that may be a name."""
    words: list[str] = []
    for word in text.split()[:MOST_WORDS]:
        if words and word[0] in "([<":
            break
        if not _is_name_word(word.strip(WORD_EDGE.replace(".", ""))):
            break
        words.append(word.strip('"“”„«»()[]<>*_'))
        if word[-1] in ",:;!?)>]" or (word.endswith(".") and len(word) > MOST_WORDS - 1):
            break
    return " ".join(_trim(words)).strip(" ,:;!?")


def _trim(words: list[str]) -> list[str]:
    """The words without small ones at the edges: “Ada Byron de” is not the whole of a name."""
    while words and words[-1][:1].islower():
        words = words[:-1]
    while words and words[0][:1].islower() and not person_names.is_title(words[0]):
        words = words[1:]
    return words


def _is_name_word(word: str) -> bool:
    if not word or any(map(str.isdigit, word)) or "@" in word:
        return False
    return not word[0].islower() or person_names.is_particle(word) or person_names.is_title(word)


@cache
def behind_name_pattern() -> re.Pattern[str]:
    """Finds what stands behind a person's name: “ is interested in”."""
    words = alternatives(__package__, "announcements", "behind_name")
    return re.compile(rf"(?:(?<=[\w.)]) |(?<=[{JOINED_LETTERS}])){words}", re.IGNORECASE)


@cache
def before_name_pattern() -> re.Pattern[str]:
    """Finds what stands before a person's name: “New enquiry from ”."""
    words = alternatives(__package__, "announcements", "before_name")
    return re.compile(rf"(?:\b|^){words}[ :：]{{1,3}}", re.IGNORECASE)


@cache
def speech_pattern() -> re.Pattern[str]:
    """Finds what somebody says before the own name: “my name is ”."""
    words = alternatives(__package__, "announcements", "speech")
    return re.compile(rf"\b{words},? {{1,2}}", re.IGNORECASE)


@cache
def sender_in_subject_pattern() -> re.Pattern[str]:
    """Finds, in a subject, a word before the name of whom a request is from."""
    return re.compile(rf"\s{alternatives(__package__, 'announcements', 'from')}\s", re.IGNORECASE)
