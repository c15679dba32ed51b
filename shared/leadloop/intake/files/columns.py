"""What the columns of a file mean, once the playbook or a person has said it."""

from collections.abc import Mapping, Sequence

from leadloop.intake.fields.mapping import qualified_name, resolve_name
from leadloop.intake.files.rows import HINTS
from leadloop.model.base import Model, Reason
from leadloop.model.errors import FieldsInvalid

# A person meant a group of ours, and named no field in it.
MISSPELT_PREFIXES = ("fields.contact.", "fields.interest.")
REACH_FIELDS = ("contact.email", "contact.phone")


class Column(Model):
    """A column with its proposed meaning: one of our full names, or None.

    `confidence` is from 0 to 1; `examples` are some of its cells.
    """

    name: str
    meaning: str | None
    confidence: float
    examples: tuple[str, ...]


def map_columns(columns: Sequence[str], mapped: Mapping[str, str]) -> dict[str, str]:
    """Column → our full name, by the playbook's mapping or our own names, in any case."""
    mapped_lower = {name.casefold(): field for name, field in mapped.items()}
    result: dict[str, str] = {}
    for column in columns:
        name = column.strip()
        field = resolve_name(name, mapped) or resolve_name(name.casefold(), mapped_lower)
        field = field or (name.casefold() if name.casefold() in HINTS else None)
        if field is not None and field not in result.values():
            result[column] = field
    return result


def has_contact_address(meaning: Mapping[str, str]) -> bool:
    """Whether some column holds an address or a phone number of the person."""
    return any(field in REACH_FIELDS for field in meaning.values())


def is_meaning_agreed(
    meaning: Mapping[str, str], columns: Sequence[Column], mapped: Mapping[str, str]
) -> bool:
    """Whether the columns need no confirmation by a person.

    The playbook must map how people are reached. Our own names suffice only if no other column
    seems to be about the person: it would be left out, or hold the true name.
    """
    mapped_columns = {name.casefold() for name in mapped}
    by_playbook = {
        column: field
        for column, field in meaning.items()
        if column.strip().casefold() in mapped_columns
    }
    has_unmapped = any(column.meaning and column.name not in meaning for column in columns)
    return has_contact_address(by_playbook) or (has_contact_address(meaning) and not has_unmapped)


def check_meaning(meaning: Mapping[str, str], columns: Sequence[str]) -> dict[str, str]:
    """Column → our full name, as a person confirmed it; an empty name leaves a column out.

    Raises:
        FieldsInvalid: there is no such column or field, two columns mean the same, or no column
            holds an address or a phone number.

    """
    result: dict[str, str] = {}
    faults = []
    for column, name in meaning.items():
        field = name if name in HINTS else qualified_name(name) if name else ""
        if column not in columns:
            faults.append(Reason(code="unknown_column", text=f"{column}: the file has none such"))
        elif field and field in result.values():
            faults.append(Reason(code="twice", text=f"{column}: {field} has a column already"))
        elif field in {"interest.product_line", "fields."} or field.startswith(MISSPELT_PREFIXES):
            faults.append(Reason(code="unknown_field", text=f"{column}: there is no {name}"))
        elif field:
            result[column] = field
    if not faults and not has_contact_address(result):
        text = "no column tells an e-mail address or a phone number"
        faults.append(Reason(code="nobody_to_reach", text=text))
    if faults:
        raise FieldsInvalid(tuple(faults))
    return result
