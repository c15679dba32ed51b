"""A source's names and texts become the parts of a submission; shared by every format.

A full name is a group and a field: `contact.email`, `interest.budget`, `fields.<a source's own>`.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from leadloop.intake.envelope import Envelope
from leadloop.intake.fields.contact_values import clean_address, first_phone, has_number
from leadloop.intake.fields.placeholders import is_placeholder_address, is_trial_address
from leadloop.intake.text.character_references import LONE_SURROGATE, replace_unstorable
from leadloop.intake.text.phrase_files import alternatives, load_phrases
from leadloop.model.base import Reason
from leadloop.model.contact import MESSAGE_FIELD, Contact, Interest
from leadloop.model.submission import ConsentRecord, Submission, Touch

CONTACT_FIELDS = frozenset(Contact.model_fields)
INTEREST_FIELDS = frozenset(Interest.model_fields) - {
    "product_line"
}  # only a playbook may map to it
NAME_HALVES = frozenset({"first_name", "last_name"})
NUMBER_FIELDS = frozenset({"interest.budget", "interest.employees"})
CONSENT_FIELD, EMAIL_FIELD = "consent", "contact.email"
LONG_FIELDS = frozenset({MESSAGE_FIELD, "fields.more_text"})
LONGEST = {True: 10_000, False: 500}  # characters, by "is a long text"
MOST_NUMBER = 10**12
ARABIC_POINTS = str.maketrans("٬٫", ",.")
SEPARATORS = re.compile(r"[,.'’_\s](?=\d{3}(?:\D|$))")
FRACTION = re.compile(r"[.,٫](\d{1,2})$")
NUMBER = re.compile(r"\d{1,13}(?:[.,]\d{1,2})?")
AMOUNT = re.compile(r"\d[\d.,'’\xa0\u202f ]{0,20}")
CURRENCY = re.compile(
    r"\b(?:eur|euros?|usd|dollars?|gbp|chf|pln|zł|sek|nok|dkk|kr|kč|czk|ft|huf|lei|tl|try|aed|inr|rs|brl|aud|cad|円|ca|approx|circa|env|aprox)\b|r\$|円|元|₽|руб",
    re.IGNORECASE,
)
THOUSANDS = re.compile(r"\d ?(?:k|m|mio|tsd|tys|万|億)\b|\d ?(?:万|億)|\d\+", re.IGNORECASE)


class SubmissionParts(NamedTuple):
    """The person, the interest and the source's own fields; `consent`: the box was ticked."""

    contact: Contact = Contact()
    interest: Interest = Interest()
    fields: Mapping[str, str] = {}
    consent: bool = False


def resolve_name(name: str, mapped: Mapping[str, str]) -> str | None:
    """Our full name for a source's name, or None if it is unknown.

    `mapped` are the source's names in its playbook. `owner_id`, `score` or `stage` in a body are
    unknown names: no sender can set them.
    """
    if name in mapped:
        return qualified_name(mapped[name])
    field = qualified_name(name)
    if field == "interest.product_line":
        return None
    return field if field == CONSENT_FIELD or field.startswith(("contact.", "interest.")) else None


def source_name(field: str, mapped: Mapping[str, str]) -> str:
    """The source's name for a full name of ours; without a mapping, our short name."""
    names = (name for name, known in mapped.items() if qualified_name(known) == field)
    return next(names, field.partition(".")[2] or field)


@lru_cache(maxsize=256)  # the world's forms use the same names
def qualified_name(name: str) -> str:
    """The full name of a name: `contact.email` of "email", `fields.color` of "color"."""
    group, dot, rest = name.partition(".")
    if dot and (
        (group == "contact" and rest in CONTACT_FIELDS)
        or (group == "interest" and (rest in INTEREST_FIELDS or rest == "product_line"))
        or group == "fields"
    ):
        return name
    if name in CONTACT_FIELDS:
        return f"contact.{name}"
    if name in INTEREST_FIELDS:
        return f"interest.{name}"
    return name if name == CONSENT_FIELD else f"fields.{name}"


def build_parts(values: Mapping[str, str]) -> tuple[SubmissionParts, tuple[Reason, ...]]:
    """The parts of values by full names, and a reason for each value that cannot be taken."""
    groups: dict[str, dict[str, str]] = {"contact": {}, "interest": {}, "fields": {}}
    numbers: dict[str, int] = {}
    reasons: list[Reason] = []
    for name, text in values.items():
        group, _, rest = name.partition(".")
        fault = storage_fault(name, text)
        if fault is not None:
            reasons.append(fault)
            continue
        value = normalise_whitespace(text, long=name in LONG_FIELDS)
        if (
            not value
            or name == CONSENT_FIELD
            or (name == EMAIL_FIELD and is_placeholder_address(clean_address(value).value))
        ):
            continue
        if name in NUMBER_FIELDS:
            number = parse_number(value)
            if number is None:
                fault_text = f"{name}: write a whole number"
                reasons.append(Reason(code="not_a_number", text=fault_text, field=name))
            else:
                numbers[rest] = number
                if has_fraction(value):
                    groups["fields"].setdefault(rest, value)
        else:
            groups[group][rest] = value
    _clean_contact(groups["contact"], groups["fields"])
    consent_text = values.get(CONSENT_FIELD, "")
    if consent_answer(consent_text) is None and storage_fault(CONSENT_FIELD, consent_text) is None:
        groups["fields"].setdefault(CONSENT_FIELD, normalise_whitespace(consent_text))
    parts = SubmissionParts(
        contact=Contact.model_validate(_merge_name_halves(groups["contact"])),
        interest=Interest.model_validate({**groups["interest"], **numbers}),
        fields=groups["fields"],
        consent=is_checked(consent_text),
    )
    return parts, tuple(reasons)


def _clean_contact(contact: dict[str, str], fields: dict[str, str]) -> None:
    """Leave in the address and the phone only what they are; what stood beside them is kept."""
    if email := contact.get("email"):
        contact["email"], name = clean_address(email)
        if name and not {"name", *NAME_HALVES} & contact.keys():
            contact["name"] = name
        elif name and name not in contact.values():
            fields.setdefault("email_name", name)
    if phone := contact.get("phone"):
        contact["phone"], rest = first_phone(phone)
        name = "other_phones" if has_number(rest) else "phone_remark"
        if rest:
            fields[name] = f"{rest}, {fields[name]}" if name in fields else rest


def build_parts_leniently(values: Mapping[str, str]) -> tuple[SubmissionParts, tuple[Reason, ...]]:
    """Build parts as `build_parts` does, for a door where no sender waits to mend a value.

    Characters that cannot be stored become U+FFFD; the raw bytes are kept elsewhere. An address
    such as `test@test.com` is left out: it would make one person of all who try something out.
    """
    is_trial = is_trial_address(values.get(EMAIL_FIELD, ""))
    return build_parts(
        {
            name: replace_unstorable(text)
            for name, text in values.items()
            if name != EMAIL_FIELD or not is_trial
        }
    )


def _merge_name_halves(contact: dict[str, str]) -> dict[str, str]:
    """A "name" beside a first or a last name is the other half: Nom, Nombre, Nome, Name.

    If it contains the known half, it is the whole name and stays.
    """
    known = [half for half in NAME_HALVES if half in contact]
    if "name" not in contact or len(known) != 1:
        return contact
    (half,) = known
    words = contact["name"].casefold().split()
    if any(word in words for word in contact[half].casefold().split()):
        return contact
    (other_half,) = NAME_HALVES - {half}
    return {**{k: v for k, v in contact.items() if k != "name"}, other_half: contact["name"]}


def storage_fault(name: str, text: str) -> Reason | None:
    """The reason why a text cannot be stored as it is, or None."""
    if "\0" in text:
        return Reason(code="nul", text=f"{name}: remove the NUL character", field=name)
    if not text.isascii() and LONE_SURROGATE.search(text):
        fault = f"{name}: half a character; send well-formed Unicode"
        return Reason(code="surrogate", text=fault, field=name)
    if len(text) > (limit := LONGEST[name in LONG_FIELDS]):
        return Reason(code="too_long", text=f"{name}: at most {limit} characters", field=name)
    return None


def normalise_whitespace(text: str, *, long: bool = False) -> str:
    """The text without blanks around it; a text that is not `long` becomes one line."""
    if not long:
        return " ".join(text.split())
    lines = (line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return "\n".join(lines).strip()


def value_or_none(text: str | None) -> str | None:
    """The text, or None if it is empty, says “none” or is an unfilled `{{placeholder}}`."""
    value = normalise_whitespace(text or "", long=True)
    return None if not value or _no_value().fullmatch(value) else value


@cache
def _no_value() -> re.Pattern[str]:
    return re.compile(
        r"\[[^\]]*\](?: ?\([^)]*\))?|\{\{?[^}]*\}\}?|<[^<>@]*>|%[\w.]+%|[-–—._?*]+"
        r"|#(?:n/?a|nv|ref|bezug|name|wert|value|div/0|num|zahl|null)[!?]?|#{3,}"  # spreadsheet
        r"|\\N|\(null\)|(?-i:NaN|nan)"  # of a database
        rf"|{alternatives('leadloop.intake.fields', 'values', 'no_value')}",
        re.IGNORECASE,
    )


def parse_number(text: str) -> int | None:
    """The whole units of "12000", "12,000", "12 000", "12.000" or "12000.50", else None.

    The digits may be of any script; cents are cut off.
    """
    if not text.isascii():
        digits = "".join(str(unicodedata.decimal(sign, sign)) for sign in text)
        text = digits.translate(ARABIC_POINTS)
    plain = SEPARATORS.sub("", text)
    if not plain.isascii() or NUMBER.fullmatch(plain) is None:
        return None
    number = int(re.split(r"[.,]", plain)[0])
    return number if number <= MOST_NUMBER else None


def parse_amount(text: str) -> int | None:
    """The whole units of the one amount in a text such as “£22,000” or “about 35 people”.

    None where a text has no amount or several, such as a range.
    """
    amounts = [
        number
        for match in AMOUNT.finditer(text[: LONGEST[False]])
        if (number := parse_number(match[0].strip(" .,'’"))) is not None
    ]
    rest = CURRENCY.sub(" ", AMOUNT.sub(" ", text))
    is_plain = len(amounts) == 1 and not any(map(str.isalpha, rest)) and not THOUSANDS.search(text)
    return amounts[0] if is_plain else None


def has_fraction(text: str) -> bool:
    """Whether a number has cents that are not zero, which its whole units do not tell."""
    match = FRACTION.search(text)
    return match is not None and any(map(unicodedata.decimal, match[1]))


def is_checked(text: str) -> bool:
    """Whether a check box is ticked, or a column says yes, in any language.

    Source: HTML standard, a check box without a value sends "on".
    """
    return consent_answer(text) is True


def consent_answer(text: str) -> bool | None:
    """True where a text plainly says yes, False where it says no or nothing, else None."""
    plain = unicodedata.normalize("NFKC", text).replace("’", "'").casefold()
    plain = " ".join(plain.split()).strip(" .!;\"'()[]*")
    if not plain:
        return False
    answers = load_phrases("leadloop.intake.fields", "consent")
    if plain in answers["yes"]:
        return True
    return False if plain in answers["no"] else None


def missing_field_reasons(
    required: Iterable[str], parts: SubmissionParts, mapped: Mapping[str, str]
) -> list[Reason]:
    """One reason for each required field without a value; names may be ours or the source's."""
    return [
        Reason(code="required", text=f"{name}: is required", field=name)
        for name in required
        if not _has_value(parts, resolve_name(name, mapped) or f"fields.{name}")
    ]


def _has_value(parts: SubmissionParts, name: str) -> bool:
    group, _, rest = name.partition(".")
    match group:
        case "contact" if rest == "name":
            return any(getattr(parts.contact, each) for each in ("name", *NAME_HALVES))
        case "contact":
            return getattr(parts.contact, rest) is not None
        case "interest":
            return getattr(parts.interest, rest) is not None
        case "fields":
            return rest in parts.fields
        case _:
            return parts.consent


def build_submission(
    envelope: Envelope,
    parts: SubmissionParts,
    parser: str,
    *,
    n: int = 1,
    touch: Touch | None = None,
    consent: ConsentRecord | None = None,
    unreadable: tuple[Reason, ...] = (),
) -> Submission:
    """Build the n-th submission of an envelope, counted from 1, as `parser` understood it."""
    return Submission(
        id=envelope.part_id(n),
        source=envelope.source,
        channel=envelope.channel,
        received_at=envelope.received_at,
        raw=envelope.raw,
        contact=parts.contact,
        interest=parts.interest,
        fields=dict(parts.fields),
        touch=touch or envelope.touch,
        consent=consent,
        test=envelope.test,
        parser=parser,
        part=n,
        unreadable=unreadable,
    )
