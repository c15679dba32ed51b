"""Whether a vendor says in its mail that it takes the message for spam.

A verdict is a line that names spam with a high score or a word of suspicion, or an offer to say
that it is none. The first part of the person's message is theirs: they may write about spam. Below
a blank line or a rule the vendor may go on, so there a line counts only if it looks like one.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from leadloop.intake.text.phrase_files import alternatives

MOST_WORDS = 14  # of a verdict
MOST_HEADING_WORDS = 4
LINES_BELOW = 2  # that belong to a heading, or hold the link of an offer
HIGH_SHARE, HIGH_POINTS = 0.5, 5.0
LONGEST_LINE = 300
RULE = re.compile(r"\s{0,9}(?:[-–—_=*~#•.+]\s?){3,}$")
DECORATION = re.compile(r"[*#=!\[<>|~_-]")
LINK = re.compile(r"https?://|www\.|@")
NUMBER = r"(?<![\w.,:/-])(\d{1,3}(?:[.,]\d{1,3})?)(?![\w:])"


class _Line(NamedTuple):
    """A line; whether it stands in the person's message, and after a rule there."""

    text: str
    in_message: bool
    after_rule: bool


@cache
def spam_flag_pattern() -> re.Pattern[str]:
    """Finds the word of a vendor's own filter, which saw what we do not."""
    return re.compile(alternatives(__package__, "spam_flags", "flag"), re.IGNORECASE)


def has_spam_verdict(text: str, message: str | None) -> bool:
    """Whether a mail's text holds a vendor's verdict; `message` is what the person wrote."""
    lines = list(_vendor_lines(text, message or ""))
    return any(_is_verdict(lines, place) for place in range(len(lines)))


def _vendor_lines(text: str, message: str) -> Iterator[_Line]:
    """The lines without the first part of the message; an empty one stands in its place."""
    pending = [line.strip() for line in message.split("\n")]
    is_first_part, after_rule = bool(message), False
    for line in text.split("\n"):
        plain = line.strip()
        in_message = bool(pending) and bool(message) and plain.endswith(pending[0])
        if in_message and (plain or len(pending) < message.count("\n") + 1):
            pending.pop(0)
        else:
            in_message = False
        if in_message and (not plain or RULE.fullmatch(plain)):
            is_first_part = False
            after_rule = after_rule or bool(plain)
        is_theirs = in_message and is_first_part
        yield _Line("" if is_theirs else plain[:LONGEST_LINE], in_message, after_rule)


def _is_verdict(lines: Sequence[_Line], place: int) -> bool:
    line = lines[place]
    spam = _spam_pattern().search(line.text)
    if not line.in_message and spam_flag_pattern().search(line.text):
        return True
    if spam is None:
        return False
    below = " ".join(each.text for each in lines[place + 1 : place + 1 + LINES_BELOW])
    if _denies(line.text, spam):
        is_question = line.text[spam.end() :].lstrip(' "”»*)')[:1] == "?"
        offers = is_question or _offer_pattern().search(line.text) is not None
        return offers and LINK.search(f"{line.text} {below}") is not None
    if line.in_message and not _may_be_verdict_in_message(line, below):
        return False
    words = line.text.split()
    if len(words) > MOST_WORDS:
        return False
    if _has_high_score(line.text, spam):
        return True
    if len(words) <= MOST_HEADING_WORDS and _has_high_score(below, None):
        return True
    return _suspects(line)


def _may_be_verdict_in_message(line: _Line, below: str) -> bool:
    """Whether a line of the message is laid out as a vendor's: a person asks, or writes prose."""
    text = f"{line.text} {below}"
    if "?" in text and not LINK.search(text):
        return False
    start = line.text.lstrip("*#=!|<>[]~_- \t")
    words = (_spam_pattern(), _verdict_pattern(), _score_word_pattern())
    is_heading = DECORATION.match(line.text) is not None or any(w.match(start) for w in words)
    return line.after_rule or is_heading


def _suspects(line: _Line) -> bool:
    """Whether a word of suspicion stands beside the word for spam, as in a heading."""
    if not _verdict_pattern().search(line.text):
        return False
    start = line.text.lstrip("*#=!|<>[]~_- \t")
    begins = bool(_spam_pattern().match(start) or _verdict_pattern().match(start))
    is_heading = DECORATION.match(line.text) is not None or line.after_rule or not line.in_message
    return begins or (is_heading and len(start.split()) <= MOST_WORDS // 2)


def _has_high_score(text: str, spam: re.Match[str] | None) -> bool:
    """Whether a score in a text is high: half of its most, or five points."""
    for number in _score_pattern().finditer(text):
        has_score_word = _score_word_pattern().search(text) is not None
        told = number["percent"] or number["most"] or has_score_word
        is_beside = spam is None or has_score_word or _verdict_pattern().search(text) is not None
        is_beside = is_beside or 0 <= number.start() - (spam.end() if spam else 0) <= len(" : ")
        if told and is_beside:
            value = float(number[1].replace(",", "."))
            most = 100.0 if number["percent"] else float(number["most"] or 0)
            is_share = not most and value <= 1 and not number[1].isdecimal()
            limit = HIGH_SHARE * (most or 1) if most or is_share else HIGH_POINTS
            return value >= limit
    return False


def _denies(text: str, spam: re.Match[str]) -> bool:
    return _denial_pattern().search(text[: spam.start()]) is not None


@cache
def _spam_pattern() -> re.Pattern[str]:
    words = alternatives(__package__, "spam_flags", "spam")
    return re.compile(rf"(?<![A-Za-zÀ-ÿ]){words}", re.IGNORECASE)


@cache
def _verdict_pattern() -> re.Pattern[str]:
    words = alternatives(__package__, "spam_flags", "verdict")
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


@cache
def _score_word_pattern() -> re.Pattern[str]:
    words = alternatives(__package__, "spam_flags", "score")
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


@cache
def _offer_pattern() -> re.Pattern[str]:
    words = alternatives(__package__, "spam_flags", "offer")
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


@cache
def _denial_pattern() -> re.Pattern[str]:
    words = alternatives(__package__, "spam_flags", "none")
    return re.compile(rf"(?<!\w){words}[\s\"“„«*:]{{1,3}}$", re.IGNORECASE)


@cache
def _score_pattern() -> re.Pattern[str]:
    of = alternatives(__package__, "spam_flags", "of")
    return re.compile(
        rf"{NUMBER}\s?(?:(?P<percent>%)|(?:/|\s{of}\s)\s?(?P<most>\d{{1,3}}))?", re.IGNORECASE
    )
