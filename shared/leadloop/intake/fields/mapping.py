"""Names and texts of a source become a submission's parts; shared by every format."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from leadloop.intake.envelope import Envelope
from leadloop.intake.fields.placeholders import is_placeholder_address, is_trial_address
from leadloop.intake.text.character_references import LONE_SURROGATE, replace_unstorable
from leadloop.intake.text.phrase_files import alternatives
from leadloop.model.base import Reason
from leadloop.model.contact import Contact, Interest
from leadloop.model.submission import ConsentRecord, Submission, Touch

CONTACT_FIELDS = frozenset(Contact.model_fields)
INTEREST_FIELDS = frozenset(Interest.model_fields) - {
    "product_line"
}  # only a playbook may map to it
NAME_HALVES = frozenset({"first_name", "last_name"})
NUMBER_FIELDS = frozenset({"interest.budget", "interest.employees"})
LONG_FIELDS = frozenset({"interest.message"})
CONSENT_FIELD, EMAIL_FIELD = "consent", "contact.email"
LONGEST = {True: 10_000, False: 500}  # characters, by "is a long text"
MOST_NUMBER = 10**12
ARABIC_POINTS = str.maketrans("٬٫", ",.")
SEPARATORS = re.compile(r"[,.'’_\s](?=\d{3}(?:\D|$))")
NUMBER = re.compile(r"\d{1,13}(?:[.,]\d{1,2})?")


class SubmissionParts(NamedTuple):
    """A person, a wish and own fields; `consent` tells that the box was ticked."""

    contact: Contact = Contact()
    interest: Interest = Interest()
    fields: Mapping[str, str] = {}
    consent: bool = False


def resolve_name(name: str, mapped: Mapping[str, str]) -> str | None:
    """Our name for a source's: as its playbook maps it, else by our own words, else nothing.

    Nothing else has a way in: `owner_id`, `score` or `stage` in a body are unknown names.
    """
    if name in mapped:
        return qualified_name(mapped[name])
    ours = qualified_name(name)
    if ours == "interest.product_line":
        return None
    return ours if ours == CONSENT_FIELD or ours.startswith(("contact.", "interest.")) else None


def source_name(ours: str, mapped: Mapping[str, str]) -> str:
    """The source's name for one of ours; our own short one where it maps none to it."""
    sent = (name for name, known in mapped.items() if qualified_name(known) == ours)
    return next(sent, ours.partition(".")[2] or ours)


@lru_cache(maxsize=256)  # the world's forms use the same names
def qualified_name(name: str) -> str:
    """`contact.email` of "email"; what is neither of the contact nor of the interest is own."""
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
    """`values` by our full names; the reasons name each that cannot be taken, and what to mend."""
    groups: dict[str, dict[str, str]] = {"contact": {}, "interest": {}, "fields": {}}
    numbers: dict[str, int] = {}
    reasons: list[Reason] = []
    for name, text in values.items():
        group, _, rest = name.partition(".")
        fault = storage_fault(name, text)
        if fault is not None:
            reasons.append(fault)
            continue
        tidy = normalise_whitespace(text, long=name in LONG_FIELDS)
        if (
            not tidy
            or name == CONSENT_FIELD
            or (name == EMAIL_FIELD and is_placeholder_address(tidy))
        ):
            continue
        if name in NUMBER_FIELDS:
            number = parse_number(tidy)
            if number is None:
                what = f"{name}: write a whole number"
                reasons.append(Reason(code="not_a_number", text=what, field=name))
            else:
                numbers[rest] = number
        else:
            groups[group][rest] = tidy
    parts = SubmissionParts(
        contact=Contact.model_validate(_merge_name_halves(groups["contact"])),
        interest=Interest.model_validate({**groups["interest"], **numbers}),
        fields=groups["fields"],
        consent=is_checked(values.get(CONSENT_FIELD, "")),
    )
    return parts, tuple(reasons)


def build_parts_leniently(values: Mapping[str, str]) -> tuple[SubmissionParts, tuple[Reason, ...]]:
    """The same where nobody waits who could mend it: the raw is kept, the fields show it.

    There an address that was only tried would make one person of all who tried.
    """
    tried = is_trial_address(values.get(EMAIL_FIELD, ""))
    return build_parts(
        {n: replace_unstorable(text) for n, text in values.items() if n != EMAIL_FIELD or not tried}
    )


def _merge_name_halves(contact: dict[str, str]) -> dict[str, str]:
    """A "name" beside a first or a last one is the other half of it: Nom, Nombre, Nome, Name.

    It is kept where it holds the half that is known, and so is all of it.
    """
    known = [half for half in NAME_HALVES if half in contact]
    if "name" not in contact or len(known) != 1:
        return contact
    (half,) = known
    words = contact["name"].casefold().split()
    if any(word in words for word in contact[half].casefold().split()):
        return contact
    (other,) = NAME_HALVES - {half}
    return {**{k: v for k, v in contact.items() if k != "name"}, other: contact["name"]}


def storage_fault(name: str, text: str) -> Reason | None:
    """Why a text cannot be stored as it is, or None."""
    if "\0" in text:
        return Reason(code="nul", text=f"{name}: remove the NUL character", field=name)
    if not text.isascii() and LONE_SURROGATE.search(text):
        what = f"{name}: half a character; send well-formed Unicode"
        return Reason(code="surrogate", text=what, field=name)
    if len(text) > (most := LONGEST[name in LONG_FIELDS]):
        return Reason(code="too_long", text=f"{name}: at most {most} characters", field=name)
    return None


def normalise_whitespace(text: str, *, long: bool = False) -> str:
    """Without blanks around and, unless it is a long text, without line breaks."""
    if not long:
        return " ".join(text.split())
    lines = (line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return "\n".join(lines).strip()


def value_or_none(text: str | None) -> str | None:
    """The text, unless it is empty or stands for "nothing" or an unfilled placeholder."""
    tidy = normalise_whitespace(text or "", long=True)
    return None if not tidy or _no_value().fullmatch(tidy) else tidy


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
    """Whole units of "12000", "12,000", "12 000", "12.000" or "12000.50"; None for all else.

    The digits may be of any script.
    """
    if not text.isascii():
        digits = "".join(str(unicodedata.decimal(sign, sign)) for sign in text)
        text = digits.translate(ARABIC_POINTS)
    plain = SEPARATORS.sub("", text)
    if not plain.isascii() or NUMBER.fullmatch(plain) is None:
        return None
    number = int(re.split(r"[.,]", plain)[0])
    return number if number <= MOST_NUMBER else None


def is_checked(text: str) -> bool:
    """A check box as browsers and JSON send it."""
    return text.strip().casefold() in {"on", "yes", "true", "1", "y", "x", "checked", "agreed"}


def missing_field_reasons(
    required: Iterable[str], parts: SubmissionParts, mapped: Mapping[str, str]
) -> list[Reason]:
    """One reason for each required field that is not there; names may be ours or the source's."""
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
    """The n-th submission of an envelope, as `parser` understood it."""
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
