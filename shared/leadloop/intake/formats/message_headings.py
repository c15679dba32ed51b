"""Lines above a person's own words: “Message from the customer:”, “Here is what she says”.

The words are in `phrases/message_headings.txt`.
"""

import re
from functools import cache

from leadloop.intake.fields.label_vocabulary import plain_label
from leadloop.intake.text.phrase_files import alternatives

PACKAGE = "leadloop.intake.formats"
LONGEST_HEADING, MOST_WORDS = 90, 9
COLONS = (":", "：")
MOST_TITLE_WORDS = 8
SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？", ",")
SENTENCE_INSIDE = re.compile(r"[.!?]\s|[,;]\s.{0,40},\s|[。！？\x1d]")


def is_message_heading(line: str) -> bool:
    """Whether a line without a value announces a message."""
    text = line.strip(" *_\t")
    if not text or len(text) > LONGEST_HEADING or len(text.split()) > MOST_WORDS:
        return False
    if text[-1] in ".!,;" or "@" in text:
        return False
    plain = plain_label(text)
    return _speech().fullmatch(plain) is not None or is_message_name(plain)


def is_message_name(plain: str) -> bool:
    """Whether a label in plain form is a name for a message: “comments of the buyer”."""
    return _noun().fullmatch(plain) is not None and _verb().search(plain) is None


def is_title_of_request(label: str, value: str) -> bool:
    """Whether a label such as “Request” has no message behind it but what is asked for."""
    words = value.split()
    is_short = 1 < len(words) <= MOST_TITLE_WORDS and len(value) <= LONGEST_HEADING
    is_sentence = value.rstrip().endswith(SENTENCE_ENDS) or SENTENCE_INSIDE.search(value)
    return is_short and not is_sentence and _title().fullmatch(plain_label(label)) is not None


def announces_message(line: str) -> bool:
    """Whether a sentence says that a message has come: “You have a new message”."""
    plain = plain_label(line)
    has_noun = re.search(rf"\b{alternatives(PACKAGE, 'message_headings', 'noun')}\b", plain)
    return has_noun is not None and _announcement().search(plain) is not None


def announces_request(line: str) -> bool:
    """Whether a sentence says that a request or a message has come, and ends with a colon."""
    if not line.rstrip().endswith(COLONS):
        return False
    plain = plain_label(line)
    is_request = re.search(rf"\b{alternatives(PACKAGE, 'message_headings', 'request')}\b", plain)
    return is_request is not None and _announcement().search(plain) is not None


@cache
def _announcement() -> re.Pattern[str]:
    return re.compile(rf"\b{alternatives(PACKAGE, 'message_headings', 'announces')}\b")


@cache
def _title() -> re.Pattern[str]:
    return re.compile(alternatives(PACKAGE, "message_headings", "title"))


@cache
def _noun() -> re.Pattern[str]:
    words = alternatives(PACKAGE, "message_headings", "noun")
    return re.compile(rf"(?:[\w'’.]{{1,20}} ){{0,3}}{words}(?: [\w'’.-]{{1,20}}){{0,4}} ?")


@cache
def _verb() -> re.Pattern[str]:
    return re.compile(rf"\b{alternatives(PACKAGE, 'message_headings', 'no_heading')}\b")


@cache
def _speech() -> re.Pattern[str]:
    return re.compile(alternatives(PACKAGE, "message_headings", "speech"))
