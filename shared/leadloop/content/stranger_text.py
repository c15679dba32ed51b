"""What a stranger typed, made fit to stand in a mail of ours.

Anybody may type anybody's address into a form. So a mail to that address must not carry what the
stranger wants to say: no sentence, no link, no address. A rep reads it quoted.
"""

import re
import unicodedata
from functools import cache
from importlib.resources import files

from leadloop.content.header_text import one_line

TEXT_MOST = 60  # characters of a name, or of what is said of a person in one line
MOST_WORDS = 8
FREE_WORDS = 3  # a name of so few words may be in small letters: "ana maria silva"
SENTENCE_HITS = 2  # words of sentences that make a text a sentence
ABBREVIATION_MOST = 5  # letters before the dot of "Prof." or "Dipl."
DIGITS_MOST = 5  # in a label; more of them are a phone number or an account
# Letters of one word that are too many for a name, in scripts without capitals or blanks.
SCRIPT_WORD_MOST = {"CJK": 6, "HIRAGANA": 8, "KATAKANA": 12, "HANGUL": 5, "THAI": 18}
JOINERS = frozenset("\u200c\u200d")  # in names of Persian and Indian scripts
NAME_SIGNS = frozenset(" .'’‘ʼ`´-‐‑·・,&")
LABEL_SIGNS = NAME_SIGNS | frozenset('()/+%²³°:;–—_#"“”„|')
INITIALS = re.compile(r"\b(?:[^\W\d_]\.){1,6}(?:[^\W\d_]\b)?(?![^\W_])")
DOT_IN_WORD = re.compile(r"\.\w")
LONG_WORD_AND_DOT = re.compile(rf"\w{{{ABBREVIATION_MOST + 1}}}\.")
WORD = re.compile(r"[^\W\d_]+")
SCHEME = re.compile(r":/|//|\bwww\b", re.IGNORECASE)


def looks_like_name(text: str) -> bool:
    """Whether a text is written as a name is: no address, no link, no sentence, not long."""
    words = text.split()
    small = [word for word in words if word[0].islower() and word not in _phrases()["particle"]]
    return (
        _is_short(text)
        and _has_signs_of(NAME_SIGNS, text)
        and not any(map(str.isdigit, text))
        and not any(map(_is_long_word, words))
        and (len(words) <= FREE_WORDS or not small)
    )


def looks_like_label(text: str) -> bool:
    """Whether a text says one short thing, such as a company or a product: no link, no sentence."""
    return (
        _is_short(text)
        and _has_signs_of(LABEL_SIGNS, text)
        and sum(map(str.isdigit, text)) <= DIGITS_MOST
        and not any(_is_long_word(word, names=2) for word in text.split())
    )


def quote_lines(text: str) -> str:
    """The text with `> ` before each line, as mail programs mark what somebody else wrote."""
    return "\n".join(f"> {one_line(line)}".rstrip() for line in text.splitlines())


def quote_label(text: str) -> str:
    """The text in one line, between quotation marks unless it says one short thing."""
    line = one_line(text)
    return line if looks_like_label(line) else f"“{line}”"


def _is_short(text: str) -> bool:
    words = text.split()
    if not words or len(text) > TEXT_MOST or len(words) > MOST_WORDS:
        return False
    return not _has_link(text) and not _is_sentence(words)


def _has_signs_of(signs: frozenset[str], text: str) -> bool:
    return all(
        sign in signs or sign in JOINERS or unicodedata.category(sign)[0] in "LM" or sign.isdigit()
        for sign in text
    )


def _has_link(text: str) -> bool:
    """Whether a dot stands as in an address of the net, or as at the end of a sentence."""
    rest = INITIALS.sub(" ", text)
    return any(each.search(rest) for each in (DOT_IN_WORD, SCHEME, LONG_WORD_AND_DOT))


def _is_sentence(words: list[str]) -> bool:
    parts = [part.casefold() for word in words for part in WORD.findall(word)]
    return sum(part in _phrases()["sentence"] for part in parts) >= SENTENCE_HITS


def _is_long_word(word: str, names: int = 1) -> bool:
    """Whether a word of a script without blanks is longer than so many names."""
    script = unicodedata.name(word[0], "").partition(" ")[0]
    return sum(map(str.isalpha, word)) > names * SCRIPT_WORD_MOST.get(script, TEXT_MOST)


@cache
def _phrases() -> dict[str, frozenset[str]]:
    """The words of `phrases/sentence_words.txt` by group."""
    text = files("leadloop.content").joinpath("phrases", "sentence_words.txt").read_text("utf-8")
    groups: dict[str, list[str]] = {}
    words: list[str] = []
    for line in text.splitlines():
        if line.startswith("["):
            words = groups.setdefault(line.strip("[]"), [])
        elif not line.startswith("#"):
            words += line.partition(": ")[2].split(" ")
    return {name: frozenset(words) for name, words in groups.items()}
