"""Which charset a text of few letters is in: the one in which those letters spell a language.

One byte is `ü` to one charset, `ь` or `Ÿ` to others, and a list of names is too short for counting
letters. But a language has few of its own, they stand among others of their script, and no word
has a capital in its midst. So each charset is tried with each of its languages.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

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
# The likelier before the others, where two give the same letters.
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
MIXED_WEIGHT = 0.85  # what a letter counts that only another language of the west has
ONE_CASE_WEIGHT = 0.95  # what a text weighs that has capitals only, or none
LEAST_SHARE = 0.6  # of the letters; below, no language was found
SAMPLE_LETTERS = 20_000  # letters looked at
# Typographers' signs that may stand in a word.
INNER_SIGNS = "’‘·´`"
OPENING_SIGNS = "«»“”‘„‚¿¡–—…•"  # what may stand before a word
ORDINALS = "ªº"  # each ends its word


class NonAsciiLetter(NamedTuple):
    """One that is not ASCII, with its neighbours."""

    before: str
    sign: str
    after: str


def charset_by_letters(data: bytes, guessed: str | None) -> str | None:
    """None where no language is found; `guessed` is believed among charsets that fit as well."""
    fits = {charset: fit for charset in CHARSETS if (fit := _fit(data, charset)) >= LEAST_SHARE}
    if not fits:
        return None
    best = max(fits.values())
    equal = [charset for charset, fit in fits.items() if fit == best]
    return guessed if guessed in equal and guessed in OTHER_SCRIPTS else equal[0]


def _fit(data: bytes, charset: str) -> float:
    """The share of letters that the best of its languages has, where a word may have them."""
    try:
        text = data.decode(charset)
    except UnicodeDecodeError:
        return 0.0
    letters = [each for _, each in zip(range(SAMPLE_LETTERS), _letters(text), strict=False)]
    if not letters:
        return 0.0
    placed = filter(_is_well_placed, letters)
    own_script = charset in OTHER_SCRIPTS
    own = filter(_is_in_one_script, placed) if own_script else placed
    good = [each.sign.lower() for each in own]
    languages = [ALPHABETS[language] for language in CHARSETS[charset]]
    best: float = max(sum(sign in language for sign in good) for language in languages)
    if CHARSETS[charset] == WESTERN:
        best = max(
            best, MIXED_WEIGHT * sum(any(sign in each for each in languages) for sign in good)
        )
    return best / len(letters) * (ONE_CASE_WEIGHT if _has_one_case(letters) and own_script else 1)


def _has_one_case(letters: Sequence[NonAsciiLetter]) -> bool:
    """Names have capitals, where a script has any."""
    return any(x.sign.isupper() for x in letters) != any(x.sign.islower() for x in letters)


def _letters(text: str) -> Iterator[NonAsciiLetter]:
    """Signs between words are no letters of any language, and tell nothing."""
    padded = f" {text} "
    for (before, sign), (_, after) in pairwise(pairwise(padded)):
        if sign.isascii() or sign in INNER_SIGNS:
            continue
        in_word = after.isalpha() and (before.isalpha() or sign not in OPENING_SIGNS)
        if in_word or sign.isalpha() or sign < "\xa0" or "─" <= sign <= "▟":  # nobody draws boxes
            yield NonAsciiLetter(before, sign, after)


def _is_well_placed(letter: NonAsciiLetter) -> bool:
    """No capital stands behind a small letter."""
    if letter.sign in ORDINALS:
        return not letter.after.isalpha()
    return not (letter.sign.isupper() and letter.before.islower())


def _is_in_one_script(letter: NonAsciiLetter) -> bool:
    """No word is written in two scripts."""
    return not any(each.isascii() and each.isalpha() for each in (letter.before, letter.after))
