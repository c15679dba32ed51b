"""What a text tells by which it is no inquiry, whatever form it came through.

A trial, a comment that waits to be let through, an offer to us. Of an offer one word is not enough:
people who ask for the same things must not be held. The words are in `phrases/matters.txt`.
"""

import re
from functools import cache

from leadloop.intake.text.joined_scripts import JOINED_LETTERS
from leadloop.intake.text.phrase_files import load_phrases

FEWEST_SIGNS = 2  # of form spam, in one message
LONGEST_TEXT = 5_000  # characters that are looked at
JOINED_SCRIPT = re.compile(f"[{JOINED_LETTERS}]")
LINK = re.compile(r"https?://|www\.", re.IGNORECASE)


def is_trial(subject: str, text: str, answers: tuple[str, ...]) -> bool:
    """Whether somebody tries out if leads arrive; `answers` are the name and the message."""
    words = "|".join(load_phrases(__package__, "matters")["trial_word"])
    said_nothing_else = any(
        re.fullmatch(rf"(?:(?:{words})[\s\d.,!?-]{{0,9}}){{1,9}}", answer.strip(), re.IGNORECASE)
        for answer in answers
    )
    return bool(said_nothing_else or _count("trial_subject", subject) or _count("trial_text", text))


def awaits_moderation(text: str) -> bool:
    """Whether a page to let a comment through, or not, is named in the text."""
    return _count("moderation", text) > 0


def is_application(message: str) -> bool:
    """Whether somebody looks for work with us."""
    return _count("application", message) > 0


def is_offer(message: str) -> bool:
    """Whether somebody offers us what form spam sells; one word of it is no offer."""
    if _count("gambling", message) + bool(LINK.search(message)) >= FEWEST_SIGNS:
        return _count("gambling", message) > 0
    return _count("pitch", message) >= FEWEST_SIGNS and _count("offer", message) > 0


def _count(group: str, text: str) -> int:
    """How many phrases of a group are in a text."""
    return sum(pattern.search(text[:LONGEST_TEXT]) is not None for pattern in _patterns(group))


@cache
def _patterns(group: str) -> tuple[re.Pattern[str], ...]:
    """A pattern for each phrase; a script without blanks has no ends of words."""
    phrases = load_phrases(__package__, "matters")[group]
    return tuple(re.compile(_whole(phrase), re.IGNORECASE) for phrase in phrases)


def _whole(phrase: str) -> str:
    return phrase if JOINED_SCRIPT.search(phrase) else rf"(?<!\w)(?:{phrase})(?!\w)"
