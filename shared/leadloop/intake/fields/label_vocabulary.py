"""The labels that form mails and files use in many languages, and our field for each.

The words stand in `phrases/`, where a translator can edit them. They are loaded when a reader asks
for the first label: most calls of a function need none.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

from leadloop.intake.text.phrase_files import alternatives, load_phrases

PACKAGE = "leadloop.intake.fields"
LONGEST_LABEL = 120  # characters
MOST_ALTERNATIVES = 3
PARTS_OF_TOWN = frozenset({"contact.postcode", "contact.city", "contact.region"})
LABEL_JOINTS = re.compile(
    r"[\s._-]+"
)  # "E-Mail Adresse", "e-mail-adresse" and "email_adresse" are one
LABEL_ASIDE = re.compile(r"\s?[(\[][^()\[\]]{0,40}+[)\]]?\s?\*?$|^(?:\d{1,2}|q\d{1,2})\s?[.):]\s?")
# The end from the first of its signs only: a long run inside a line is looked at once.
LABEL_EDGES = re.compile(r"^[^\w]+|(?<![^\w.#])[^\w.#]+$")


@cache
def field_by_label() -> Mapping[str, str]:
    """Each label in lower case → our full name for it, such as `contact.email`."""
    return {
        label.casefold(): name
        for name, labels in load_phrases(PACKAGE, "labels").items()
        for label in labels
    }


@cache
def field_by_joined_label() -> Mapping[str, str]:
    """The same by labels without blanks, dots, dashes and underlines."""
    return {LABEL_JOINTS.sub("", label): name for label, name in field_by_label().items()}


@lru_cache(maxsize=8_192)  # each line of a mail is asked about several times
def plain_label(label: str) -> str:
    """A label without its decoration: "📌 *Phone Number*" and "phone  number" are one."""
    if not label.isascii():
        label = unicodedata.normalize("NFKC", label.replace("’", "'"))  # "ＴＥＬ" too
        label = label.replace("İ", "i")  # its small letter would be an i with a dot of its own
    return LABEL_EDGES.sub("", " ".join(label.replace("*", "").casefold().split()))


def field_for_label(label: str, labels: Mapping[str, str]) -> str | None:
    """Our full name for a vendor's label, or None.

    `labels` are those of the source's playbook, in plain form; they come before the common ones.
    """
    if len(label) > LONGEST_LABEL:
        return None
    plain = plain_label(label)
    return labels[plain] if plain in labels else match_common_label(plain)


@lru_cache(maxsize=4_096)
def match_common_label(plain: str) -> str | None:
    """Our full name for a label in plain form, without words such as "your" or "customer's"."""
    if plain not in field_by_label() and is_contact_heading(plain):
        return None
    bare = plain if _reading().search(plain) else plain_label(LABEL_ASIDE.sub("", plain))
    for label in (plain, bare):
        for core in (
            label,
            _words_before_label().sub("", label, count=1),
            _words_behind_label().sub("", label),
        ):
            if name := field_by_label().get(core) or field_by_joined_label().get(
                LABEL_JOINTS.sub("", core)
            ):
                return None if is_other_party_label(label) else name
    return _match_alternatives(bare)


def _match_alternatives(label: str) -> str | None:
    """The field that “Phone / Mobile” or “Name / Vorname” name together."""
    parts = _alternative_separator().split(label)
    names = {field_by_label().get(part) for part in parts}
    if len(parts) > MOST_ALTERNATIVES or len(parts) == 1 or None in names:
        return None
    if len(names) == 1:
        return names.pop()
    if names <= {"contact.name", "contact.first_name", "contact.last_name"}:
        return "contact.name"
    if "contact.postcode" in names and names <= PARTS_OF_TOWN:
        return "contact.postcode"
    return None


def is_person_label(plain: str) -> bool:
    """Whether a label in plain form is “Customer” or the like: alone it is a heading."""
    return plain in load_phrases(PACKAGE, "parties")["person"]


def is_person_heading(plain: str) -> bool:
    """Whether a line in plain form is the heading of the person's part of a mail."""
    return _person_heading().fullmatch(plain) is not None or is_contact_heading(plain)


@lru_cache(maxsize=1_024)
def is_contact_heading(plain: str) -> bool:
    """Whether a line in plain form is the heading of a person's name, number and address."""
    return len(plain) <= LONGEST_LABEL and _contact_heading().fullmatch(plain) is not None


@lru_cache(maxsize=1_024)
def is_other_party_label(plain: str) -> bool:
    """Whether a label in plain form names an agent, a dealer or somebody else than the person."""
    return _other_party_label().fullmatch(plain) is not None


def is_other_party_heading(plain: str) -> bool:
    """Whether a line in plain form is the heading of somebody else's part of a mail."""
    if is_other_party_label(plain):
        return True
    about = _about_other_party().match(plain)
    return about is not None and _other_party().fullmatch(plain, about.end()) is not None


def _label_part(group: str) -> str:
    return alternatives(PACKAGE, "label_parts", group)


def _party(group: str) -> str:
    return alternatives(PACKAGE, "parties", group)


@cache
def _words_before_label() -> re.Pattern[str]:
    return re.compile(
        rf"^(?:(?:and )?{_label_part('question')}\s+)?(?:{_label_part('article')}[\s_-]+)?"
        rf"(?:{_label_part('person')}(?:'s|s')?[\s_-]+)?"
    )


@cache
def _words_behind_label() -> re.Pattern[str]:
    return re.compile(
        rf"(?:\s{_label_part('of')}\s(?:the )?{_label_part('of_person')})$"
        rf"|\s{_label_part('genitive')}$"
    )


@cache
def _alternative_separator() -> re.Pattern[str]:
    return re.compile(rf"\s?[/|,&+]\s?|\s{_label_part('conjunction')}\s")


@cache
def _reading() -> re.Pattern[str]:
    return re.compile(_label_part("reading"))


@cache
def _person_heading() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{_party('person_heading_article')} )?{_party('person_heading')}(?:'s)?"
        rf"(?:[ -]?{_party('person_heading_ending')})?"
    )


@cache
def _contact_heading() -> re.Pattern[str]:
    return re.compile(_party("contact_heading").casefold())


@cache
def _other_party_label() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{_party('other_party_article')}\s)?{_party('other_party')}"
        rf"(?: {_party('other_party_ending')})?"
    )


@cache
def _other_party() -> re.Pattern[str]:
    return re.compile(_party("other_party"))


@cache
def _about_other_party() -> re.Pattern[str]:
    return re.compile(rf"{_party('about_other_party')} ")
