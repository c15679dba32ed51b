"""Phrases that people and mail programs write, in many languages, kept as text files.

A package keeps them in its folder `phrases/`, one file a subject. A translator edits such a file
without knowing Python:

    # Subjects of a mail in which somebody asks for something.
    [inquiry]
    en: leads? | quote | is looking for
    de: anfrage | interessent

`[…]` starts a group. A line holds a language (ISO 639, or `any`) and its phrases, with ` | `
between them; a long list continues in another line of the same language. `#` starts a comment
line. Most groups hold pieces of regular expressions, so `(`, `?`, `.` and the like have their
meaning there.

The format is our own because it is read at a cold start: twenty times faster than TOML.
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

GROUP_LINE = re.compile(r"\[([\w.-]{1,80})\]")
PHRASE_LINE = re.compile(r"(?:[a-z]{2,3}|any): ")
PHRASE_SEPARATOR = " | "


@cache
def load_phrases(package: str, subject: str) -> Mapping[str, tuple[str, ...]]:
    """The phrases of `phrases/<subject>.txt` in `package`: group → phrases in the file's order.

    Raises:
        ValueError: a line has none of the three forms, or stands before the first group.
    """
    text = files(package).joinpath("phrases", f"{subject}.txt").read_text("utf-8")
    return parse_phrases(text)


def alternatives(package: str, subject: str, group: str) -> str:
    """A regular expression that matches each phrase of a group: `(?:one|two)`."""
    return f"(?:{'|'.join(load_phrases(package, subject)[group])})"


def parse_phrases(text: str) -> dict[str, tuple[str, ...]]:
    """The groups of a phrase file's text.

    Raises:
        ValueError: a line has none of the three forms, or stands before the first group.
    """
    groups: dict[str, list[str]] = {}
    phrases: list[str] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        if heading := GROUP_LINE.fullmatch(line):
            phrases = groups.setdefault(heading[1], [])
        elif phrases is not None and (language := PHRASE_LINE.match(line)):
            phrases += line[language.end() :].split(PHRASE_SEPARATOR)
        else:
            message = f"line {number} of a phrase file is no group, no phrases and no comment"
            raise ValueError(message)
    return {name: tuple(phrases) for name, phrases in groups.items()}
