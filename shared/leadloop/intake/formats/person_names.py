"""Names in a mail: which text is a name, and where another party's name stands.

A person who signs a mail for the vendor, or stands in an address below it, has a phone as well. It
is not the phone of the person who asks.
"""

import re
from collections.abc import Iterable
from functools import cache

from leadloop.intake.text.phrase_files import alternatives, load_phrases

PACKAGE = "leadloop.intake.formats"
NON_NAME_SIGN = re.compile(r"\d{2}|[={}<>|@]|:\s")
# A line that is the name of a person or of a company: what stands below it is theirs.
NAME_LINE = re.compile(
    r"[ \t]{0,9}(?:[^\W\d_][\w.'’-]{0,30} ){1,4}[^\W\d_][\w.'’-]{0,30}[ \t]{0,9},?[ \t]{0,9}$"
)
NON_NAME_LETTER = re.compile(r"[^\w\s.'’-]|[\d_]|\.\s*$")
LONGEST_ENDING = 16  # characters of how a company's name ends
LONGEST_NAME, MOST_WORDS = 40, 4  # of a name in a line


def is_generic_name(text: str) -> bool:
    """Whether a text is no person's name: “new customer”, a number, markup."""
    return is_placeholder_name(text.strip()) or NON_NAME_SIGN.search(text) is not None


def is_placeholder_name(text: str) -> bool:
    """Whether a vendor writes this where it does not tell the name: “a potential customer”."""
    return _placeholder_name().fullmatch(text) is not None


def has_non_name_word(text: str) -> bool:
    """Whether a word stands in a text that no person is called by, such as “team”."""
    return _non_name_word().search(text) is not None


def is_goodbye(line: str) -> bool:
    """Whether a line ends a mail: “Best regards,”."""
    return _goodbye().match(line) is not None


def is_light_goodbye(line: str) -> bool:
    """Whether a line ends a mail if the details of a lead stand above it: “Thanks”."""
    return _light_goodbye().match(line) is not None


def is_yes_or_no(text: str) -> bool:
    """Whether a value answers a question: “Owner: yes” names nobody else than the person."""
    return _yes_or_no().fullmatch(text.strip()) is not None


def is_company_line(line: str) -> bool:
    """Whether a line ends as a company's name does."""
    return _company_ending().search(line.strip()[-LONGEST_ENDING:]) is not None


def has_company_ending(text: str) -> bool:
    """Whether a word stands in a text with which the names of companies end."""
    return _company_word().search(text) is not None


def may_be_name(text: str) -> bool:
    """Whether a text is written as a name is, in letters of any script."""
    words = text.split()
    return (
        bool(words)
        and len(text) <= LONGEST_NAME
        and len(words) <= MOST_WORDS
        and NON_NAME_LETTER.search(text) is None
        and not any(word[0].islower() and not is_particle(word) for word in words)
        and not is_particle(words[-1])
        and not has_non_name_word(text)
    )


def is_particle(word: str) -> bool:
    """Whether a small word stands inside names: “van”, “de”."""
    return word in load_phrases(PACKAGE, "person_names")["particle"]


LONGEST_TITLED = 200  # characters of a name with its salutations


def strip_titles(name: str) -> str:
    """The name without the salutation before it or behind it: “Frau Ada Byron”, “佐藤 様”."""
    if len(name) > LONGEST_TITLED:
        return name
    bare = _title_behind().sub("", _title_before().sub("", name.strip(), count=1)).strip()
    return bare or name


def is_title(text: str) -> bool:
    """Whether a text is a salutation and nothing else: “Herr”."""
    return _title_before().fullmatch(f"{text.strip()[:LONGEST_TITLED]} ") is not None


def is_other_name(line: str, known: Iterable[str]) -> bool:
    """Whether a line is a name, and none of the known ones."""
    if NAME_LINE.match(line) is None or not line.istitle() or has_non_name_word(line):
        return False
    return line.strip(" \t,").casefold() not in {name.casefold() for name in known}


def _phrases(group: str) -> str:
    return alternatives(PACKAGE, "person_names", group)


@cache
def _title_before() -> re.Pattern[str]:
    return re.compile(rf"(?:{_phrases('title_before')}\.?\s+)+", re.IGNORECASE)


@cache
def _title_behind() -> re.Pattern[str]:
    return re.compile(rf"(?:\s*{_phrases('title_behind')})$")


@cache
def _goodbye() -> re.Pattern[str]:
    return re.compile(_whole_line(_phrases("goodbye")), re.IGNORECASE)


@cache
def _light_goodbye() -> re.Pattern[str]:
    return re.compile(_whole_line(_phrases("light_goodbye")), re.IGNORECASE)


def _whole_line(pattern: str) -> str:
    return rf"[ \t]{{0,9}}{pattern}[ \t]{{0,9}}[,.!]?[ \t]{{0,9}}$"


@cache
def _placeholder_name() -> re.Pattern[str]:
    return re.compile(
        r"(?:an? |the |new |your )?"
        rf"(?:{_phrases('generic_attribute')} )*{_phrases('generic_name')}",
        re.IGNORECASE,
    )


@cache
def _company_ending() -> re.Pattern[str]:
    return re.compile(
        rf"\b{_phrases('company_ending')}\.?$|{_phrases('joined_company_ending')}$",
        re.IGNORECASE,
    )


@cache
def _company_word() -> re.Pattern[str]:
    return re.compile(
        rf"\b{_phrases('company_ending')}(?![\w])|{_phrases('joined_company_ending')}",
        re.IGNORECASE,
    )


@cache
def _non_name_word() -> re.Pattern[str]:
    return re.compile(rf"\b{_phrases('no_name')}\b", re.IGNORECASE)


@cache
def _yes_or_no() -> re.Pattern[str]:
    return re.compile(rf"{_phrases('yes_or_no')}|\d{{0,9}}", re.IGNORECASE)
