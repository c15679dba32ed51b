"""Detects the charset of a text with few letters that are not ASCII, by the language they spell.

The same byte is `ü` in one charset, `ь` or `Ÿ` in others. A list of names is too short to count
letters. But each language has few letters of its own, they are next to letters of the same script,
and no word has a capital inside. So each charset is tried with each of its languages. Charsets are
codecs of Python.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

# Language → its letters that are not ASCII, in lower case.
ALPHABETS = {
    "Dutch": "áéëïóöü",
    "French": "àâæçéèêëîïôùûüÿœ",
    "German": "äöüß",
    "Icelandic": "áðéíóúýþæö",
    "Italian": "àèéìíîòóùúªº",
    "Nordic": "åäöéæø",
    "Portuguese": "áâãàçéêíóôõúªº",
    "Spanish": "áéíñóúüªº",
    "Croatian": "čćđšž",
    "Czech": "áčďéěíňóřšťúůýž",
    "Hungarian": "áéíóöőúüű",
    "Polish": "ąćęłńóśźż",
    "Romanian": "ăâîșțşţ",
    "Slovak": "áäčďéíĺľňóôŕšťúýž",
    "Turkish": "çğıöşüâîi̇",
    "Estonian": "äõöüšž",
    "Latvian": "āčēģīķļņšūž",
    "Lithuanian": "ąčęėįšųūž",
    "Russian": "абвгдежзийклмнопрстуфхцчшщъыьэюяё",
    "Ukrainian": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "Greek": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",
    "Hebrew": "אבגדהוזחטיךכלםמןנסעףפץצקרשת",
    "Arabic": "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي",
    "Thai": "".join(map(chr, (*range(0xE01, 0xE3B), *range(0xE40, 0xE4F)))),
}
WESTERN = ("German", "French", "Spanish", "Portuguese", "Italian", "Nordic", "Icelandic", "Dutch")
EASTERN = ("Polish", "Czech", "Hungarian", "Slovak", "Romanian", "Croatian", "German")
CYRILLIC = ("Russian", "Ukrainian")
# Charset → the languages written in it. Of charsets that give the same letters, the likelier is
# first.
CHARSETS = {
    "cp1252": WESTERN,
    "cp1250": EASTERN,
    "iso8859_2": EASTERN,
    "cp1254": ("Turkish",),
    "cp1257": ("Latvian", "Lithuanian", "Estonian"),
    "cp850": WESTERN,
    "cp852": EASTERN,
    "mac_roman": WESTERN,
    "mac_latin2": EASTERN,
    "cp1251": CYRILLIC,
    "koi8_r": ("Russian",),
    "koi8_u": ("Ukrainian",),
    "iso8859_5": CYRILLIC,
    "cp866": ("Russian",),
    "mac_cyrillic": CYRILLIC,
    "cp1253": ("Greek",),
    "iso8859_7": ("Greek",),
    "cp1255": ("Hebrew",),
    "cp1256": ("Arabic",),
    "cp874": ("Thai",),
}
OTHER_SCRIPTS = frozenset(
    charset for charset, languages in CHARSETS.items() if ALPHABETS[languages[0]][-1] > "ͯ"
)
MIXED_WEIGHT = 0.85  # of a letter that only another western language has
ONE_CASE_WEIGHT = 0.95  # of a text that has only capitals, or none
LEAST_SHARE = 0.6  # of the letters, for a language to be recognised
SAMPLE_LETTERS = 20_000  # that are looked at
# Typographic signs that may be inside a word.
INNER_SIGNS = "’‘·´`"
OPENING_SIGNS = "«»“”‘„‚¿¡–—…•"  # that may be before a word
ORDINALS = "ªº"  # letters that end their word


class NonAsciiLetter(NamedTuple):
    """A sign that is not ASCII, with its neighbours."""

    before: str
    sign: str
    after: str


def charset_by_letters(data: bytes, guess: str | None) -> str | None:
    """The charset whose letters fit best; None: no language was recognised.

    `guess` is the result of another detector. It decides between charsets that fit equally well.
    """
    shares = {
        charset: share
        for charset in CHARSETS
        if (share := _fitting_share(data, charset)) >= LEAST_SHARE
    }
    if not shares:
        return None
    best = max(shares.values())
    equal = [charset for charset, share in shares.items() if share == best]
    return guess if guess in equal and guess in OTHER_SCRIPTS else equal[0]


def _fitting_share(data: bytes, charset: str) -> float:
    """The share of letters that are of the best language, and where a word may have them."""
    try:
        text = data.decode(charset)
    except UnicodeDecodeError:
        return 0.0
    letters = [each for _, each in zip(range(SAMPLE_LETTERS), _letters(text), strict=False)]
    if not letters:
        return 0.0
    well_placed = filter(_is_well_placed, letters)
    is_other_script = charset in OTHER_SCRIPTS
    in_script = filter(_is_in_one_script, well_placed) if is_other_script else well_placed
    signs = [letter.sign.lower() for letter in in_script]
    alphabets = [ALPHABETS[language] for language in CHARSETS[charset]]
    best: float = max(sum(sign in alphabet for sign in signs) for alphabet in alphabets)
    if CHARSETS[charset] == WESTERN:
        mixed = sum(any(sign in alphabet for alphabet in alphabets) for sign in signs)
        best = max(best, MIXED_WEIGHT * mixed)
    weight = ONE_CASE_WEIGHT if _has_one_case(letters) and is_other_script else 1
    return best / len(letters) * weight


def _has_one_case(letters: Sequence[NonAsciiLetter]) -> bool:
    """Whether all letters are capitals, or none: unlike names, if the script has capitals."""
    return any(x.sign.isupper() for x in letters) != any(x.sign.islower() for x in letters)


def _letters(text: str) -> Iterator[NonAsciiLetter]:
    """The letters that are not ASCII, without signs between words, which show no language."""
    padded = f" {text} "
    for (before, sign), (_, after) in pairwise(pairwise(padded)):
        if sign.isascii() or sign in INNER_SIGNS:
            continue
        in_word = after.isalpha() and (before.isalpha() or sign not in OPENING_SIGNS)
        if (
            in_word or sign.isalpha() or sign < "\xa0" or "─" <= sign <= "▟"
        ):  # box drawing: a wrong charset
            yield NonAsciiLetter(before, sign, after)


def _is_well_placed(letter: NonAsciiLetter) -> bool:
    """Whether it is no capital after a small letter, and no ordinal inside a word."""
    if letter.sign in ORDINALS:
        return not letter.after.isalpha()
    return not (letter.sign.isupper() and letter.before.islower())


def _is_in_one_script(letter: NonAsciiLetter) -> bool:
    """Whether no ASCII letter is next to it: no word is written in two scripts."""
    return not any(each.isascii() and each.isalpha() for each in (letter.before, letter.after))
