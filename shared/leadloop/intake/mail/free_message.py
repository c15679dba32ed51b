"""A person's words without a label: quoted, below an announcement, or below a card."""

import re
from collections.abc import Collection, Sequence

from leadloop.intake.fields.address_pattern import EMAIL_PATTERN
from leadloop.intake.fields.label_vocabulary import (
    field_for_label,
    is_other_party_heading,
    is_person_heading,
    plain_label,
)
from leadloop.intake.formats import person_names
from leadloop.intake.formats.label_layouts import parse_label_line
from leadloop.intake.formats.message_headings import (
    announces_message,
    announces_request,
    is_message_heading,
)
from leadloop.intake.formats.offer_address import sign_of_text
from leadloop.intake.formats.vendor_lines import LINK_MARK, VendorLines, warning
from leadloop.intake.text.quotation_marks import QUOTES
from leadloop.intake.text.text_marks import CELL_SEPARATOR

MOST_LINES = 200
LEAST_WORDS, LEAST_LETTERS = 3, 12  # of a line that may begin a message
MOST_BETWEEN = 4  # lines of the offer between an announcement and the message
LEAST_WORDS_ALONE = 5  # of one that nothing announces
URL = re.compile(r"https?://|www\.")
PRICE = re.compile(r"[€$£]\s?\d|\d\s?(?:€|EUR\b|zł|kr\b|CHF)|\bref\b|\bid\b", re.IGNORECASE)
SENTENCE_END = re.compile(r"[.!?。？！…]['\"”»)]?$")


class TextLines:
    """The lines of a mail, and where in them the person's words may stand.

    `known` are texts of the person's card, such as the name and the address.
    """

    def __init__(
        self, lines: Sequence[str], known: Collection[str], vendor: VendorLines, subject: str
    ) -> None:
        self._subject = "".join(subject.split()).casefold()
        self._lines = list(lines[:MOST_LINES])
        self._known = [each.casefold() for each in known if each]
        self._vendor = vendor

    def find_message(self, announcing: Collection[str]) -> str | None:
        """The message; `announcing` are the lines that name the person in a sentence."""
        return (
            self._quoted() or self._below_announcement(announcing) or self._below_card(announcing)
        )

    def _quoted(self) -> str | None:
        """A paragraph in quotation marks, or several of them."""
        for number, line in enumerate(self._lines):
            closing = QUOTES.get(line.strip()[:1])
            if closing is None or CELL_SEPARATOR in line:
                continue
            for end in range(number, min(number + 30, len(self._lines))):
                text = self._lines[end].strip()
                if text.endswith(closing) and (end > number or len(text) > 1):
                    words = "\n".join(each.strip() for each in self._lines[number : end + 1])
                    inner = words.strip()[1:-1].strip()
                    is_offer = "".join(inner.split()).casefold() in self._subject
                    is_message = len(inner.split()) >= LEAST_WORDS and not is_offer
                    if is_offer:
                        break
                    return inner if is_message else None
        return None

    def _below_announcement(self, announcing: Collection[str]) -> str | None:
        texts = {" ".join(each.split()) for each in announcing}
        named = [n for n, line in enumerate(self._lines) if " ".join(line.split()) in texts]
        others = [
            n
            for n, line in enumerate(self._lines)
            if announces_message(line) or announces_request(line)
        ]
        for number in (*named, *others):
            if CELL_SEPARATOR in self._lines[number]:
                continue
            below = [n for n in range(number + 1, len(self._lines)) if self._lines[n].strip()]
            for at in below[:MOST_BETWEEN]:
                if self._is_facts(at):
                    continue
                may_begin = self._may_begin(self._lines[at], LEAST_WORDS)
                if may_begin and not self._is_offer(at):
                    return self._message_from(at, LEAST_WORDS)
                if self._is_structured(self._lines[at]) or self._is_card(self._lines[at]):
                    break
        return None

    def _below_card(self, announcing: Collection[str]) -> str | None:
        """The first sentences below the lines of the person's card."""
        texts = {" ".join(each.split()) for each in announcing}
        cards = [n for n, line in enumerate(self._lines) if self._is_card(line)]
        if not cards:
            return None
        for number in range(cards[-1] + 1, len(self._lines)):
            line = self._lines[number]
            if URL.search(line) and not line.startswith(LINK_MARK):
                continue
            if self._vendor.is_certain(line) or " ".join(line.split()) in texts:
                return None
            if self._may_begin(line, LEAST_WORDS_ALONE) and SENTENCE_END.search(line.strip()):
                return self._message_from(number, LEAST_WORDS_ALONE)
        return None

    def _message_from(self, start: int, least_words: int) -> str | None:
        first = next((n for n in range(start, len(self._lines)) if self._lines[n].strip()), None)
        if first is None or not self._may_begin(self._lines[first], least_words):
            return None
        stop = first
        while stop < len(self._lines) and not (stop > first and self._is_behind(stop)):
            stop += 1
        end = first + self._vendor.find_end(self._lines[first:stop])
        while first < end - 1 and self._is_heading(end - 1):
            end -= 1
        text = "\n".join(line.strip() for line in self._lines[first:end]).strip()
        return text or None

    def _may_begin(self, line: str, least_words: int) -> bool:
        text = line.strip()
        is_long = len(text.split()) >= least_words or len(text) >= LEAST_LETTERS
        is_greeting = text.endswith((",", "!")) and len(text.split()) <= least_words
        return (
            (is_long or is_greeting)
            and not self._is_structured(line)
            and not self._is_card(line)
            and not self._vendor.is_certain(line)
            and not self._vendor.names_vendor(text)
            and warning().search(text) is None
            and not person_names.may_be_name(text.rstrip(":"))
            and not text.endswith(":")
            and "".join(text.split()).casefold() not in self._subject
            and PRICE.search(text) is None
            and not announces_message(text)
        )

    def _is_heading(self, at: int) -> bool:
        """Whether a message's last line is blank, or the heading of the labels below it."""
        text = self._lines[at].strip()
        if not text:
            return True
        below = next((line for line in self._lines[at + 1 :] if line.strip()), "")
        is_short = len(text.split()) <= LEAST_WORDS and not SENTENCE_END.search(text)
        return is_short and _has_short_label(below) and not self._lines[at - 1].strip()

    def _is_offer(self, at: int) -> bool:
        """Whether a line is what is offered: no sentence, and a button below."""
        text = self._lines[at].strip()
        below = [line for line in self._lines[at + 1 :] if line.strip()][:1]
        is_title = not SENTENCE_END.search(text) and not text.endswith(",")
        return is_title and bool(below) and below[0].startswith(LINK_MARK)

    def _is_facts(self, at: int) -> bool:
        """Whether a line stands in a paragraph of labels and numbers, without a sentence."""
        start, end = at, at
        while start and self._lines[start - 1].strip():
            start -= 1
        while end < len(self._lines) and self._lines[end].strip():
            end += 1
        lines = [line.strip() for line in self._lines[start:end]]
        is_prose = any(SENTENCE_END.search(line) or line.endswith(",") for line in lines)
        labels = [line for line in lines if parse_label_line(line) is not None]
        facts = [self._lines[at], *labels]
        return not is_prose and any(map(str.isdigit, "".join(facts)))

    def _is_behind(self, number: int) -> bool:
        line = self._lines[number]
        if not line.strip():
            return False
        after_blank = not self._lines[number - 1].strip()
        below = self._lines[number + 1] if number + 1 < len(self._lines) else ""
        has_labels = _has_short_label(line) and _has_short_label(below)
        return has_labels or self._is_structured(line) or (self._is_card(line) and after_blank)

    def _is_structured(self, line: str) -> bool:
        """Whether a line is a row, a known label with a value, or a heading."""
        if CELL_SEPARATOR in line:
            return True
        plain = plain_label(line)
        if is_person_heading(plain) or is_other_party_heading(plain) or is_message_heading(line):
            return True
        pair = parse_label_line(line)
        if pair is not None and field_for_label(pair.label, {}) is not None:
            return True
        return sign_of_text(line) is not None and len(line.split()) <= LEAST_WORDS_ALONE

    def _is_card(self, line: str) -> bool:
        text = line.strip().casefold()
        if EMAIL_PATTERN.search(text):
            return True
        return any(each in text and len(text) < len(each) + 20 for each in self._known)


def _has_short_label(line: str) -> bool:
    pair = parse_label_line(line)
    return pair is not None and bool(pair.value) and len(pair.label.split()) <= LEAST_WORDS
