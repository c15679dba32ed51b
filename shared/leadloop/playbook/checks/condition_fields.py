"""The field names that a condition may use, and the kind of value of each.

A clause on a name that no lead has is always false, and nobody would notice. So the loader refuses
it. The names are those of `decide.lead.condition_view`; a test keeps the two equal.
"""

from collections.abc import Collection, Iterator

from leadloop.model.contact import Contact, Interest
from leadloop.model.lead import Rating
from leadloop.model.lifecycle import Stage
from leadloop.model.submission import Attendance, Channel
from leadloop.policy.clauses import Clause
from leadloop.policy.conditions import All, AnyOf, Condition, Not

TEXT, NUMBER, YES_NO = "a text", "a number", "true or false"
FIELD_KINDS = {
    **{f"contact.{name}": TEXT for name in Contact.model_fields},
    **{f"interest.{name}": TEXT for name in Interest.model_fields},
    **dict.fromkeys(("interest.budget", "interest.employees"), NUMBER),
    **dict.fromkeys(("contact.email_domain", "contact.phone_type", "contact.phone_region"), TEXT),
    **dict.fromkeys(("contact.free_mail", "contact.role_address"), YES_NO),
    **dict.fromkeys(("customer", "subscriber", "open_question"), YES_NO),
    **dict.fromkeys(("source", "vendor", "channel", "product_line", "language", "account"), TEXT),
    **dict.fromkeys(("stage", "rating"), TEXT),
    **dict.fromkeys(("score.total", "score.fit", "score.behaviour", "cycle"), NUMBER),
    "completeness": NUMBER,
}
ALLOWED_TEXTS = {"stage": tuple(Stage), "rating": tuple(Rating), "channel": tuple(Channel)}
OPERATOR_KINDS = {
    **dict.fromkeys(("at_least", "at_most", "above", "below"), NUMBER),
    **dict.fromkeys(("contains", "starts", "any_word", "matches"), TEXT),
}


def condition_faults(
    condition: Condition, own_fields: Collection[str], where: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The clauses that can never be true, each with its place and the reason.

    `own_fields` are the names that the playbook declares below `fields.`, without that prefix.
    """
    match condition:
        case All(all=parts) | AnyOf(any=parts):
            for n, part in enumerate(parts):
                # As in pydantic's locations: the tag of the union, then the key, then the row.
                inside = (*where, condition.operator, condition.operator, n)
                yield from condition_faults(part, own_fields, inside)
        case Not(not_=part):
            yield from condition_faults(part, own_fields, (*where, "not", "not"))
        case _:
            kind = _field_kind(condition.field, own_fields)
            if kind is None:
                yield (*where, condition.operator, "field"), f"no lead has {condition.field}"
            elif text := _clause_fault(condition, kind):
                yield (*where, condition.operator, condition.operator), text


def _field_kind(name: str, own_fields: Collection[str]) -> str | None:
    group, _, rest = name.partition(".")
    if group == "fields":
        return TEXT if rest in own_fields else None
    if group == "signals":
        return NUMBER if rest else None
    if group == "attendance":
        return TEXT if rest else None
    return FIELD_KINDS.get(name)


def _clause_fault(clause: Clause, kind: str) -> str | None:
    required_kind = OPERATOR_KINDS.get(clause.operator)
    if required_kind is not None and required_kind != kind:
        return f"asks for {required_kind}, but {clause.field} is {kind}"
    if clause.operator not in {"is", "is_not", "in", "not_in"}:
        return None
    operand = clause.model_dump()[clause.operator]
    for value in operand if isinstance(operand, tuple) else (operand,):
        if _value_kind(value) != kind:
            return f"{value} is {_value_kind(value)}, but {clause.field} is {kind}"
        allowed = _allowed_texts(clause.field)
        if allowed and value not in allowed:
            return f"{clause.field} is one of {', '.join(allowed)}"
    return None


def _allowed_texts(name: str) -> tuple[str, ...]:
    """The texts that a value can have; empty if it may have any text."""
    attendance = tuple(Attendance) if name.startswith("attendance.") else ()
    return ALLOWED_TEXTS.get(name, attendance)


def _value_kind(value: object) -> str:
    if isinstance(value, bool):
        return YES_NO
    return TEXT if isinstance(value, str) else NUMBER
