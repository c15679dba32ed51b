"""The vendor's own lines below a person's words: good-byes, buttons, footers, warnings, legal text.

A line is the vendor's where it stands below a rule, leads somewhere as a button does, or says what
only a program says. A short line with the vendor's name is its signature.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from leadloop.intake.formats import person_names
from leadloop.intake.formats.program_lines import is_program_line, is_separator
from leadloop.intake.text.joined_scripts import JOINED_LETTERS
from leadloop.intake.text.phrase_files import alternatives

PACKAGE = "leadloop.intake.formats"
LINK_MARK = "\x1c"  # before a line that is a link, as a button is; Python takes it for a blank
SHORTEST_NAME = 4  # letters of a vendor's name that are no word by chance
MOST_SIGNATURE_WORDS = 9
MOST_LINK_WORDS = 8  # before the address of a line that only leads somewhere
LONGEST_LINE = 600  # characters that are looked at
URL_LINE = re.compile(r"\W{0,4}(?:https?://|www\.)\S{1,2000}\s{0,4}$", re.IGNORECASE)
LINK_WITH_WORDS = re.compile(r"[^:]{2,80}:\s{0,3}https?://\S{1,2000}\s{0,4}$", re.IGNORECASE)
LEGAL = re.compile(  # a number of a register or of a tax: whoever asks about a tax has none
    r"©|\(c\) ?\d{4}|®|\b(?:hrb|vat|p\.? ?iva|kvk|siret|abn)\b\W{0,3}"
    r"(?:(?:no|nr|number|id|reg)\b\W{0,3})?[A-Z]{0,2}\d",
    re.IGNORECASE,
)


class VendorLines(NamedTuple):
    """Tells the vendor's lines; `names` are those by which it calls itself, in small letters."""

    names: frozenset[str] = frozenset()

    def find_end(self, lines: Sequence[str]) -> int:
        """The index behind the last line that may be the person's."""
        end = len(lines)
        after_blank = False
        for number, line in enumerate(lines):
            if not line.strip():
                after_blank = True
                continue
            if number and self._ends_message(lines, number, after_blank=after_blank):
                end = number
                break
            after_blank = False
        while end and (not lines[end - 1].strip() or self._is_weak(lines, end - 1)):
            end -= 1
        return end

    def names_vendor(self, text: str) -> bool:
        """Whether the vendor's name stands in a text."""
        words = " ".join(re.findall(r"\w+", text.casefold()))
        joined = words.replace(" ", "")
        return any(
            f" {name} " in f" {words} " or (len(name) > SHORTEST_NAME and name in joined)
            for name in self.names
        )

    def is_certain(self, line: str) -> bool:
        """Whether only a program or the vendor writes such a line, as a line of its own."""
        text = line.strip()[:LONGEST_LINE]
        return self.is_program(line) or _is_link(text) or LEGAL.search(text) is not None

    def is_program(self, line: str) -> bool:
        """Whether no person writes such a line."""
        text = line.strip()[:LONGEST_LINE]
        return (
            line.startswith(LINK_MARK)
            or is_separator(text)
            or is_program_line(text)
            or vendor_sentence().match(text) is not None
        )

    def may_be_persons(self, line: str) -> bool:
        """Whether a line below a message that has ended may be the person's all the same."""
        text = line.strip()[:LONGEST_LINE]
        if not text or self.is_program(line) or self.is_signature(line) or _is_closing(line):
            return False
        if LEGAL.search(text) or warning().search(text):
            return False
        return not (_is_link(text) and self.names_vendor(text))

    def is_signature(self, line: str) -> bool:
        """Whether a line is short and names the vendor, or its team."""
        text = line.strip()[:LONGEST_LINE]
        words = text.split()
        is_short = 0 < len(words) <= MOST_SIGNATURE_WORDS
        return is_short and (self.names_vendor(text) or team_line().fullmatch(text) is not None)

    def _ends_message(self, lines: Sequence[str], number: int, *, after_blank: bool) -> bool:
        line = lines[number]
        if is_separator(line.strip()) and not after_blank and self._is_own_rule(lines, number):
            return False
        if self.is_program(line) or about_person().match(line[:LONGEST_LINE]) is not None:
            return True
        below = lines[number + 1] if number + 1 < len(lines) else ""
        goes_on = bool(below.strip()) and not self.is_certain(below)
        if self.is_certain(line) and (after_blank or not goes_on):
            return True
        if not after_blank:
            return False
        if self.is_signature(line) or warning().search(line[:LONGEST_LINE]):
            return True
        if not _is_closing(line):
            return False
        below = next((each for each in lines[number + 1 :] if each.strip()), "")
        return self.is_certain(below) or self.is_signature(below)

    def _is_own_rule(self, lines: Sequence[str], number: int) -> bool:
        """Whether a rule stands close to words on both sides, and no vendor's line follows."""
        below = [line.strip() for line in lines[number + 1 :]]
        is_close = bool(below) and bool(below[0])
        return is_close and not any(
            self.is_certain(line) or self.names_vendor(line) or warning().search(line)
            for line in below
            if line and not is_separator(line)
        )

    def _is_weak(self, lines: Sequence[str], number: int) -> bool:
        """Whether the last line is the vendor's, as its name or a company's name in it tells."""
        line = lines[number].strip()[:LONGEST_LINE]
        if number == 0:
            return False
        is_apart = not lines[number - 1].strip()
        has_company = person_names.has_company_ending(line) and any(map(str.isdigit, line))
        return is_apart and (has_company or (self.names_vendor(line) and len(line) > 40))


def _is_link(text: str) -> bool:
    return URL_LINE.match(text) is not None or LINK_WITH_WORDS.match(text) is not None


def _is_closing(line: str) -> bool:
    text = line.strip()
    return person_names.is_goodbye(text) or person_names.is_light_goodbye(text)


@cache
def vendor_sentence() -> re.Pattern[str]:
    """Matches the beginning of a line in which a vendor speaks to us below a message."""
    words = alternatives(PACKAGE, "vendor_lines", "beginning")
    return re.compile(rf"\W{{0,6}}{words}(?![^\W\d_{JOINED_LETTERS}])", re.IGNORECASE)


@cache
def about_person() -> re.Pattern[str]:
    """Matches the beginning of a line in which a vendor speaks to us of the person."""
    words = alternatives(PACKAGE, "vendor_lines", "about_person")
    return re.compile(rf"\W{{0,6}}{words}(?![^\W\d_{JOINED_LETTERS}])", re.IGNORECASE)


@cache
def warning() -> re.Pattern[str]:
    """Finds words with which a vendor warns of fraud, or asks for a quick answer."""
    return re.compile(alternatives(PACKAGE, "vendor_lines", "inside"), re.IGNORECASE)


@cache
def team_line() -> re.Pattern[str]:
    """Matches a whole line that signs for a team."""
    return re.compile(alternatives(PACKAGE, "vendor_lines", "team"), re.IGNORECASE)
