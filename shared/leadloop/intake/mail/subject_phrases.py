"""Patterns of what a mail is about, by its subject and its labels; built from `phrases/`."""

import re
from functools import cache

from leadloop.intake.text.joined_scripts import JOINED_LETTERS
from leadloop.intake.text.phrase_files import alternatives

# Scripts without blanks between words.


def _words(group: str, *, whole: bool, subject: str = "subjects") -> str:
    """A regular expression of a group: each phrase begins a word, a `whole` one also ends one."""
    start = rf"(?:\b|(?<=[{JOINED_LETTERS}]))"
    end = rf"(?:\b|(?=[{JOINED_LETTERS}]))" if whole else ""
    return f"(?i){start}{alternatives(__package__, subject, group)}{end}"


@cache
def inquiry_pattern() -> re.Pattern[str]:
    """Finds words with which somebody asks for something."""
    return re.compile(_words("inquiry", whole=False))


@cache
def wish_pattern() -> re.Pattern[str]:
    """Finds words of a subject that speaks of a wish, less surely than an inquiry's."""
    return re.compile(_words("wish", whole=False))


@cache
def call_pattern() -> re.Pattern[str]:
    """Finds words of a call that somebody has missed or written down."""
    return re.compile(_words("call", whole=True))


@cache
def for_other_pattern() -> re.Pattern[str]:
    """Finds, at the end of a text, a word before the name of whom a request was given to."""
    words = alternatives(__package__, "subjects", "for_other")
    return re.compile(rf"(?:^|\s){words}$", re.IGNORECASE)


@cache
def summary_pattern() -> re.Pattern[str]:
    """Finds words of a mail that sums up, or goes to many."""
    return re.compile(_words("summary", whole=True))


@cache
def acknowledgement_pattern() -> re.Pattern[str]:
    """Finds words of a mail that confirms what we sent, or speaks to everybody."""
    return re.compile(_words("acknowledgement", whole=True))


@cache
def business_pattern() -> re.Pattern[str]:
    """Finds words of the vendor's own business with us."""
    return re.compile(_words("business", whole=True))


@cache
def other_matter_pattern() -> re.Pattern[str]:
    """Finds words of a matter that is none of sales, such as an application for a job."""
    return re.compile(_words("other_matter", whole=True))


@cache
def talk_pattern() -> re.Pattern[str]:
    """Finds words of a subject by which somebody has begun to talk with us."""
    return re.compile(_words("talk", whole=False))


@cache
def known_matter_pattern() -> re.Pattern[str]:
    """Finds words of what goes on already, such as an hour that was moved, or a refund."""
    return re.compile(_words("known_matter", whole=True))


@cache
def business_label_pattern() -> re.Pattern[str]:
    """Finds words in a label of a receipt, a bill, a parcel or a sign-in notice."""
    return re.compile(_words("label", whole=True, subject="business_labels"))


@cache
def applicant_label_pattern() -> re.Pattern[str]:
    """Finds words in a label of a mail that tells of somebody who looks for work."""
    return re.compile(_words("applicant", whole=True, subject="business_labels"))


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
