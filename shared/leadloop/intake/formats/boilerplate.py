"""Sentences of a portal's own where a person's message stands or would stand.

They are in `phrases/boilerplate.txt`. Only whole lines below the person's words count.
"""

import re
from functools import cache

from leadloop.intake.text.phrase_files import alternatives

LONGEST_LINE = 300  # characters


@cache
def boilerplate_pattern() -> re.Pattern[str]:
    """Matches a whole line that portals and form programs write, and no person."""
    lines = alternatives("leadloop.intake.formats", "boilerplate", "line")
    return re.compile(rf"[\s*_(\[„“\"-]{{0,9}}{lines}[\s*_)\].!:“”\"]{{0,9}}$", re.IGNORECASE)


def strip_boilerplate(message: str) -> str:
    """The message without a portal's sentences below it; empty where nothing else is there."""
    lines = message.split("\n")
    end = len(lines)
    while end and (not lines[end - 1].strip() or _is_boilerplate(lines[end - 1])):
        end -= 1
    if end == len(lines):
        return message
    if end and lines[end - 1].strip() in {"--", "---", "—"}:
        end -= 1
    return "\n".join(lines[:end]).rstrip()


def _is_boilerplate(line: str) -> bool:
    return len(line) <= LONGEST_LINE and boilerplate_pattern().match(line) is not None
