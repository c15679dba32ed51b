"""Mails of "Label: value" lines, as website forms and portals send them.

A person's own words stand in the same text as the vendor's labels, so once the message has begun
no line of it can name a phone or an address any more: whoever writes "Phone: …" into a message
would have us call a third person. What a table cell holds is told apart by the table.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from leadloop.intake.html import CELL
from leadloop.intake.mapping import NUMBERS, given, number_of
from leadloop.intake.vocabulary import FOOTER, QUOTED, known

PARSER = "labels/1"  # the next number whenever the same bytes would be read differently
MESSAGE = "interest.message"
LABEL = re.compile(r"[^\w>\"“]{0,8}(?P<label>\w[^:\x1f]{0,80}?)\s{0,8}:(?:\s+(?P<value>.*))?$")
INLINE = re.compile(  # from the first of a run of blanks only: a long run is looked at once
    r"(?<![\s,;|])[\s,;|]+(?P<label>message|comments?|phone(?: number)?|e-?mail(?: address)?"
    r"|last name|accepts marketing)\s{0,8}:\s+",
    re.IGNORECASE,
)
EMAIL = re.compile(r"[^\s<>,;:\"'()\[\]@]{1,64}@[^\s<>,;:\"'()\[\]@]{1,255}")
PHONE = re.compile(
    r"\+?\(?\d[\d\s().\-–/·]{3,30}\d(?:\s{0,3}(?:ext\.?|x)\s{0,3}\d{1,6})?", re.IGNORECASE
)
TOWN = re.compile(r"[^\W\d][^:,\n]{1,60}, {0,2}[A-Z]{2},? {1,3}\d{5}(?:-\d{4})?")
ADDRESSES = frozenset({"contact.street", "interest.product"})
ENVELOPE_LINE = re.compile(r"(?:to|sent|date|an|gesendet|datum|à|envoyé)\s*:", re.IGNORECASE)
QUOTATION = re.compile(r'["“].*["”]')
ENDS_SENTENCE = re.compile(r"[.!?,;]")
MOST_LINES = 5_000
MOST_WORDS = 9  # in a label we do not know
MOST_INLINE = 20  # labels in one line; what comes after is a value


class Labelled(NamedTuple):
    """Texts by our names; `planted` are contact labels found in the person's own words."""

    values: Mapping[str, str]
    planted: frozenset[str]


def read_labels(text: str, own: Mapping[str, str]) -> Labelled:
    """`own` are the vendor's labels, lower-case, and our full names for them."""
    reader = _Reader(dict(own))
    for line in _lines(text):
        reader.take(line)
    return Labelled(reader.sorted_out(), frozenset(reader.planted))


def _lines(text: str) -> list[str]:
    """Without quoted mails, without the last signature, without heads of forwarded mails."""
    kept: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:MOST_LINES]:
        if QUOTED.match(line):
            break
        if not line.startswith(">"):
            kept.append(line)
    footers = [n for n, line in enumerate(kept) if line == "-- "]
    if footers:
        kept = kept[: footers[-1]]
    return [line for n, line in enumerate(kept) if not (_is_from(line) and _in_mail_head(kept, n))]


def _is_from(line: str) -> bool:
    return line.casefold().startswith(("from:", "von:", "de:"))


def _in_mail_head(lines: list[str], at: int) -> bool:
    for line in lines[at + 1 : at + 5]:
        if not line.strip():
            return False
        if ENVELOPE_LINE.match(line):
            return True
    return False


class _Reader:
    """Goes down the lines; the first value of a name counts."""

    def __init__(self, own: dict[str, str]) -> None:
        self._own = own
        self._values: dict[str, list[str]] = {}
        self._waiting: str | None = None  # the name whose value is on the next line
        self._open = False  # the message goes on
        self._told = False  # the message has begun: what follows may be the person's own
        self._blank = True  # the line before was blank
        self._last: str | None = None  # the name that the line before gave a value to
        self.planted: set[str] = set()

    def take(self, line: str) -> None:
        if not line.strip():
            self._skip()
        elif CELL in line:
            label, _, value = line.partition(CELL)
            self._close()
            self._set(known(label.rstrip(" :"), self._own), value)
        elif FOOTER.match(line):
            self._close()
        else:
            self._line(line)
        self._blank = not line.strip()

    def _skip(self) -> None:
        """A blank line ends the wait for a value, but for a message's."""
        if self._open:
            self._values[MESSAGE].append("")
        elif self._waiting != MESSAGE:
            self._waiting = None

    def _close(self) -> None:
        self._open, self._waiting = False, None

    def _line(self, line: str) -> None:
        match = LABEL.match(line)
        label, value = (match["label"], match["value"] or "") if match else (line, None)
        name = known(label, self._own)
        if name and self._told and name.startswith("contact."):
            if value is not None:
                self.planted.add(name)
            self._go_on(line)
        elif value is not None and (name or not self._open or self._ends_message(label)):
            self._label(name, value)
        elif name and value is None and not self._open and self._waiting is None:
            self._waiting = name
        else:
            self._go_on(line)

    def _ends_message(self, label: str) -> bool:
        """A label we do not know looks like one only after a blank line."""
        short = len(label.split()) <= MOST_WORDS and not ENDS_SENTENCE.search(label)
        return self._blank and short and not label[0].islower()

    def _go_on(self, line: str) -> None:
        if self._open:
            self._values[MESSAGE].append(line.strip())
        elif self._waiting is not None:
            name, self._waiting = self._waiting, None
            self._label(name, line)
        elif self._last in ADDRESSES and not self._blank and TOWN.fullmatch(line.strip()):
            self._values[self._last].append(line.strip())
            self._last = None

    def _label(self, name: str | None, value: str) -> None:
        self._close()
        for _ in range(MOST_INLINE):
            inline = None if name == MESSAGE else INLINE.search(value)
            if inline is None:
                break
            self._set(name, value[: inline.start()])
            name, value = known(inline["label"], self._own), value[inline.end() :]
        if not value.strip():
            self._waiting = name
            return
        is_set = self._set(name, value)
        if name == MESSAGE:
            self._open, self._told = is_set and not QUOTATION.fullmatch(value.strip()), True

    def _set(self, name: str | None, value: str) -> bool:
        if name is None or name in self._values or given(value) is None:
            return False
        self._values[name], self._last = [value.strip()], name
        return True

    def sorted_out(self) -> dict[str, str]:
        """Each text as its field wants it; what does not fit is left out or an own field."""
        found = {name: ", ".join(lines) for name, lines in self._values.items()}
        if MESSAGE in found:
            found[MESSAGE] = "\n".join(self._values[MESSAGE]).strip().strip('"“”')
        name_and_address = EMAIL.search(found.get("contact.name", ""))
        if name_and_address:
            found.setdefault("contact.email", name_and_address[0])
            found["contact.name"] = found["contact.name"][: name_and_address.start()].strip(' <"(')
        emails = set(EMAIL.findall(found.pop("contact.email", "")))
        if len(emails) == 1:
            found["contact.email"] = emails.pop().rstrip(".")
        phone = PHONE.search(found.pop("contact.phone", ""))
        if phone:
            found["contact.phone"] = phone[0]
        for name in NUMBERS & found.keys():
            if number_of(found[name]) is None:
                found[f"fields.{name.partition('.')[2]}"] = found.pop(name)
        return {name: text for name, text in found.items() if given(text)}
