"""Patterns of what the subject of a mail is about, built from `phrases/subjects.txt`."""

import re
from functools import cache

from leadloop.intake.text.phrase_files import alternatives


@cache
def inquiry_pattern() -> re.Pattern[str]:
    """Finds words with which somebody asks for something."""
    return re.compile(rf"\b{alternatives(__package__, 'subjects', 'inquiry')}", re.IGNORECASE)


@cache
def for_other_pattern() -> re.Pattern[str]:
    """Finds, at the end of a text, a word before the name of whom a request was given to."""
    words = alternatives(__package__, "subjects", "for_other")
    return re.compile(rf"(?:^|\s){words}$", re.IGNORECASE)


@cache
def summary_pattern() -> re.Pattern[str]:
    """Finds words of a mail that sums up, or goes to many."""
    return re.compile(rf"\b{alternatives(__package__, 'subjects', 'summary')}\b", re.IGNORECASE)


@cache
def acknowledgement_pattern() -> re.Pattern[str]:
    """Finds words of a mail that confirms what we sent, or speaks to everybody."""
    return re.compile(
        rf"\b{alternatives(__package__, 'subjects', 'acknowledgement')}\b", re.IGNORECASE
    )


@cache
def business_pattern() -> re.Pattern[str]:
    """Finds words of the vendor's own business with us."""
    return re.compile(rf"\b{alternatives(__package__, 'subjects', 'business')}\b", re.IGNORECASE)


@cache
def reply_prefix_pattern() -> re.Pattern[str]:
    """Matches the `Re:` of an answer, also with a number (`Re[2]:`)."""
    return re.compile(
        rf"^\s*+{alternatives(__package__, 'subjects', 'reply_prefix')}\s*+(?:\[\d++\])?+\s*+:",
        re.IGNORECASE,
    )


@cache
def forward_prefix_pattern() -> re.Pattern[str]:
    """Matches the `Fwd:` of a mail that somebody passed on."""
    return re.compile(
        rf"\s{{0,9}}{alternatives(__package__, 'subjects', 'forward_prefix')}\s?[:：]",
        re.IGNORECASE,
    )
