"""Transcripts of chats: the visitor's lines are the message, the agent's are nobody's.

Who the visitor is tells a word (`phrases/chats.txt`), or the name that stands above the chat. What
reaches the visitor counts only in the visitor's own lines.
"""

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from leadloop.intake.fields.address_pattern import EMAIL_PATTERN
from leadloop.intake.fields.postal_address import split_address
from leadloop.intake.formats import person_names
from leadloop.intake.formats.phone_in_text import find_phone
from leadloop.intake.formats.vendor_lines import VendorLines
from leadloop.intake.text.phrase_files import alternatives
from leadloop.model.contact import MESSAGE_FIELD

FEWEST_LINES = 3  # of a chat
MOST_LINES = 2_000
LEAST_DIGITS = 8
TIME = (
    r"(?:\d{1,4}[-./]\d{1,2}[-./]\d{1,4},?\s{1,3})?"
    r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[AaPp]\.?[Mm]\.?)?"
)
SPEAKER = r"(?P<speaker>[^\W\d_][^:\[\]\n\x1f]{0,50}?)"
CHAT_LINES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\s{{0,9}}[\[(]?{TIME}[\])]?\s{{0,3}}[-–|]?\s{{0,3}}{SPEAKER}\s?[:>]\s{{0,3}}(?P<text>.*)",
        rf"\s{{0,9}}{SPEAKER}\s{{1,3}}[\[(]{TIME}[\])]\s?[:>]?\s{{0,3}}(?P<text>.*)",
        rf"\s{{0,9}}{SPEAKER},?\s{{1,3}}{TIME}\s?[:>]?\s{{0,3}}(?P<text>)$",
    )
)
PLAIN_LINE = re.compile(rf"\s{{0,9}}{SPEAKER}\s?:\s{{1,3}}(?P<text>\S.*)")
ASIDE = re.compile(r"\s?[(\[][^()\[\]]{1,40}[)\]]$")


class Chat(NamedTuple):
    """The visitor's values by full names, the line of the chat, and the text without it."""

    values: Mapping[str, str]
    origin: str
    rest: str


class _ChatLine(NamedTuple):
    speaker: str
    texts: list[str]


def find_chat(text: str, subject: str, vendor: VendorLines) -> Chat | None:
    """The chat in a text; None where there is none, or where nobody knows who the visitor is."""
    lines = text.split("\n")[:MOST_LINES]
    is_chat = chat_pattern().search(subject) or any(map(chat_pattern().search, lines[:12]))
    numbers = _chat_lines(lines, is_certain=bool(is_chat))
    if len(numbers) < FEWEST_LINES:
        return None
    said, covered = _gather(lines, numbers, vendor)
    rest = [line for n, line in enumerate(lines) if n not in covered]
    visitor = _visitor_of([each.speaker for each in said], (subject, *rest))
    if visitor is None:
        return None
    own = [line for each in said if each.speaker == visitor for line in each.texts if line]
    blank = ["" if n in covered else line for n, line in enumerate(lines)]
    remainder = text.split("\n")[MOST_LINES:]
    first = min(covered) + 1
    return Chat(
        _values_of(own, said, visitor), f"chat, line {first}", "\n".join((*blank, *remainder))
    )


LONGEST_LINE = 2_000  # characters of what somebody says in one line


def _chat_lines(lines: Sequence[str], *, is_certain: bool) -> dict[int, re.Match[str]]:
    lines = [line if len(line) <= LONGEST_LINE else "" for line in lines]
    for pattern in CHAT_LINES:
        found = {n: match for n, line in enumerate(lines) if (match := pattern.fullmatch(line))}
        if len(found) >= FEWEST_LINES:
            return found
    if not is_certain:
        return {}
    found = {n: match for n, line in enumerate(lines) if (match := PLAIN_LINE.fullmatch(line))}
    speakers = [_speaker(match) for match in found.values()]
    repeated = {name for name in speakers if speakers.count(name) > 1}
    return {n: match for n, match in found.items() if _speaker(match) in repeated}


def _speaker(match: re.Match[str]) -> str:
    return match["speaker"].strip(" *_")


def _gather(
    lines: Sequence[str], matches: Mapping[int, re.Match[str]], vendor: VendorLines
) -> tuple[list[_ChatLine], set[int]]:
    """Who says what, and the indexes of the chat's lines: what follows a line belongs to it."""
    said: list[_ChatLine] = []
    covered: set[int] = set()
    last = max(matches)
    for n in range(min(matches), len(lines)):
        match = matches.get(n)
        line = lines[n]
        if match is not None:
            said.append(_ChatLine(_speaker(match), [match["text"].strip()]))
        elif n > last and (not line.strip() or vendor.is_certain(line)):
            if said[-1].texts != [""]:
                break
        elif line.strip():
            said[-1].texts.append(line.strip())
        covered.add(n)
    return said, covered


def _visitor_of(speakers: Sequence[str], rest: Iterable[str]) -> str | None:
    """The speaker who is the visitor; None in doubt."""
    names = list(dict.fromkeys(speakers))
    plain = {name: ASIDE.sub("", name) for name in names}
    by_word = [name for name in names if visitor_pattern().search(name)]
    others = [name for name in names if not agent_pattern().search(name)]
    text = "\n".join(line for line in rest if not agent_line_pattern().match(line)).casefold()
    agents = "\n".join(line for line in rest if agent_line_pattern().match(line)).casefold()
    others = [name for name in others if plain[name].casefold() not in agents]
    by_name = [name for name in others if plain[name].casefold() in text]
    for found in (by_word, others, by_name):
        if len(found) == 1:
            return found[0]
    return None


def _values_of(own: Sequence[str], said: Sequence[_ChatLine], visitor: str) -> dict[str, str]:
    values = {MESSAGE_FIELD: "\n".join(own)}
    emails = {email.rstrip(".") for line in own for email in EMAIL_PATTERN.findall(line)}
    phones = [phone for line in own if (phone := _phone(line))]
    if len(emails) == 1:
        values["contact.email"] = emails.pop()
    if len(set(phones)) == 1:
        values["contact.phone"] = phones[0]
    for line in own:
        parts = split_address(line)
        if "street" in parts:
            values |= {f"contact.{name}": part for name, part in parts.items()}
            break
    name = ASIDE.sub("", visitor)
    is_name = person_names.may_be_name(name) and not visitor_pattern().search(name)
    called = name if is_name else _name_in_answers(said, visitor)
    if called:
        values["contact.name"] = called
    return {field: text for field, text in values.items() if text}


def _name_in_answers(said: Sequence[_ChatLine], visitor: str) -> str | None:
    """The visitor's answer to a question for the name."""
    for question, answer in itertools.pairwise(said):
        asks = question.speaker != visitor and name_question_pattern().search(question.texts[-1])
        if asks and answer.speaker == visitor:
            name = answer.texts[0].strip(" .!")
            if person_names.may_be_name(name):
                return name
    return None


def _phone(line: str) -> str | None:
    phone = find_phone(EMAIL_PATTERN.sub(" ", line))
    return phone if phone and sum(map(str.isdigit, phone)) >= LEAST_DIGITS else None


def _phrases(group: str) -> str:
    return alternatives(__package__, "chats", group)


@cache
def chat_pattern() -> re.Pattern[str]:
    """Finds words that say that a chat stands in the mail."""
    return re.compile(_phrases("chat"), re.IGNORECASE)


@cache
def visitor_pattern() -> re.Pattern[str]:
    """Finds, in a speaker's name, a word for a visitor."""
    return re.compile(rf"\b{_phrases('visitor')}\b", re.IGNORECASE)


@cache
def agent_pattern() -> re.Pattern[str]:
    """Finds, in a speaker's name, a word for whoever answers a visitor."""
    return re.compile(rf"\b{_phrases('agent')}\b|bot\b", re.IGNORECASE)


@cache
def agent_line_pattern() -> re.Pattern[str]:
    """Matches a line above a chat that names the agent."""
    return re.compile(rf"\W{{0,4}}{_phrases('agent')}\b[^:]{{0,20}}:", re.IGNORECASE)


@cache
def name_question_pattern() -> re.Pattern[str]:
    """Finds a question for the visitor's name."""
    return re.compile(_phrases("asks_name"), re.IGNORECASE)
