"""The block of header lines that a mail program writes above a mail that is passed on or answered.

Outlook writes no other mark: `From`, `Sent`, `To` and `Subject` tell where the older mail begins.
The words stand in `phrases/mail_heads.txt`.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from leadloop.intake.text.phrase_files import load_phrases
from leadloop.intake.text.text_marks import CELL_SEPARATOR

PACKAGE = "leadloop.intake.formats"
LONGEST_WORD = 30  # characters before the colon
MOST_LINES = 14  # of one block, blank ones counted
DECORATION = " \t>*_\xa0\ufeff"
COLONS = (":", "：", CELL_SEPARATOR)


class HeadLine(NamedTuple):
    """A header line: `kind` is the group of its word, such as `from`."""

    kind: str
    value: str


class MailHead(NamedTuple):
    """Where a block of header lines begins and ends (indexes), and what it says of the sender."""

    start: int
    end: int
    sender: str


def parse_head_line(line: str) -> HeadLine | None:
    """The header line in this line of text, or None: `*From:* Ada`, `> An : us`."""
    text = line.lstrip(DECORATION)
    ends = [at for at in (text.find(colon, 0, LONGEST_WORD) for colon in COLONS) if at > 0]
    if not ends:
        return None
    kind = _kind_by_word().get(text[: min(ends)].strip(DECORATION).casefold())
    return HeadLine(kind, text[min(ends) + 1 :].strip(DECORATION + "：:")) if kind else None


def find_mail_head(lines: Sequence[str], start: int) -> MailHead | None:
    """The block that begins in the line `start`, or None.

    It tells the sender, the time, and a recipient or the subject.
    """
    first = parse_head_line(lines[start])
    if first is None or first.kind in {"to", "copy"}:
        return None
    kinds: dict[str, str] = {}
    end = start
    for number, line in enumerate(lines[start : start + MOST_LINES], start):
        if not line.strip(DECORATION):
            continue
        head_line = parse_head_line(line)
        if head_line is None and not _goes_on(line, kinds):
            break
        if head_line is not None:
            if head_line.kind in kinds and head_line.kind != "copy":
                break
            kinds[head_line.kind] = head_line.value
        end = number + 1
    is_head = {"from", "sent"} <= kinds.keys() and bool({"to", "subject"} & kinds.keys())
    return MailHead(start, end, kinds["from"]) if is_head and kinds["from"] else None


def _goes_on(line: str, kinds: Mapping[str, str]) -> bool:
    """Whether a line is more recipients of the line above."""
    return (
        list(kinds)[-1] in {"to", "copy"}
        and ("@" in line or line.rstrip().endswith(";"))
        and (":" not in line)
    )


@cache
def _kind_by_word() -> Mapping[str, str]:
    return {
        word: kind for kind, words in load_phrases(PACKAGE, "mail_heads").items() for word in words
    }
