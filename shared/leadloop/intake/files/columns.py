"""What the columns of a file mean, once it is agreed: by the playbook, or by who confirmed it."""

from collections.abc import Mapping, Sequence

from leadloop.intake.fields.mapping import qualified_name, resolve_name
from leadloop.intake.files.rows import HINTS
from leadloop.model.base import Model, Reason
from leadloop.model.errors import FieldsInvalid

MISSPELT_PREFIXES = ("fields.contact.", "fields.interest.")  # of a group, and no field in it
REACH_FIELDS = ("contact.email", "contact.phone")


class Column(Model):
    """A column as proposed: `meaning` is our name, or None; `examples` are of its cells."""

    name: str
    meaning: str | None
    confidence: float
    examples: tuple[str, ...]


def map_columns(columns: Sequence[str], mapped: Mapping[str, str]) -> dict[str, str]:
    """Column → our name, as the playbook or our own words have it; whatever their case."""
    lower = {name.casefold(): ours for name, ours in mapped.items()}
    found: dict[str, str] = {}
    for column in columns:
        name = column.strip()
        ours = resolve_name(name, mapped) or resolve_name(name.casefold(), lower)
        ours = ours or (name.casefold() if name.casefold() in HINTS else None)
        if ours is not None and ours not in found.values():
            found[column] = ours
    return found


def has_contact_address(meaning: Mapping[str, str]) -> bool:
    """Can people be reached by what the file tells?"""
    return any(ours in REACH_FIELDS for ours in meaning.values())


def is_meaning_agreed(
    meaning: Mapping[str, str], columns: Sequence[Column], mapped: Mapping[str, str]
) -> bool:
    """Nobody has to be asked: the playbook tells how people are reached, or all that is known.

    Where only our own words do, and other columns seem to tell of the person too, they would be
    left out, or hold the true name.
    """
    said = {name.casefold() for name in mapped}
    by_playbook = {c: ours for c, ours in meaning.items() if c.strip().casefold() in said}
    more = any(column.meaning and column.name not in meaning for column in columns)
    return has_contact_address(by_playbook) or (has_contact_address(meaning) and not more)


def check_meaning(meaning: Mapping[str, str], columns: Sequence[str]) -> dict[str, str]:
    """What a person confirmed, by our full names; an empty name leaves a column out.

    Raises: FieldsInvalid: there is no such column or field, or two columns mean the same.
    """
    found: dict[str, str] = {}
    faults = []
    for column, name in meaning.items():
        ours = name if name in HINTS else qualified_name(name) if name else ""
        if column not in columns:
            faults.append(Reason(code="unknown_column", text=f"{column}: the file has none such"))
        elif ours and ours in found.values():
            faults.append(Reason(code="twice", text=f"{column}: {ours} has a column already"))
        elif ours in {"interest.product_line", "fields."} or ours.startswith(MISSPELT_PREFIXES):
            faults.append(Reason(code="unknown_field", text=f"{column}: there is no {name}"))
        elif ours:
            found[column] = ours
    if not faults and not has_contact_address(found):
        text = "no column tells an e-mail address or a phone number"
        faults.append(Reason(code="nobody_to_reach", text=text))
    if faults:
        raise FieldsInvalid(tuple(faults))
    return found
