"""The names a condition may ask for, and of what kind each value is.

A clause on a name that no lead has would be false for ever, and nobody would see it: so the
loader refuses it. The names are those that `decide.view` gives; a test keeps the two equal.
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
    condition: Condition, own: Collection[str], where: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Clauses that cannot hold: where, and why. `own` are the playbook's own fields."""
    match condition:
        case All(all=parts) | AnyOf(any=parts):
            for n, part in enumerate(parts):
                # as in pydantic's locations: the union's tag, then the key, then the row
                inside = (*where, condition.operator, condition.operator, n)
                yield from condition_faults(part, own, inside)
        case Not(not_=part):
            yield from condition_faults(part, own, (*where, "not", "not"))
        case _:
            kind = _field_kind(condition.field, own)
            if kind is None:
                yield (*where, condition.operator, "field"), f"no lead has {condition.field}"
            elif what := _clause_fault(condition, kind):
                yield (*where, condition.operator, condition.operator), what


def _field_kind(name: str, own: Collection[str]) -> str | None:
    group, _, rest = name.partition(".")
    if group == "fields":
        return TEXT if rest in own else None
    if group == "signals":
        return NUMBER if rest else None
    if group == "attendance":
        return TEXT if rest else None
    return FIELD_KINDS.get(name)


def _clause_fault(clause: Clause, kind: str) -> str | None:
    asked = OPERATOR_KINDS.get(clause.operator)
    if asked is not None and asked != kind:
        return f"asks for {asked}, but {clause.field} is {kind}"
    if clause.operator not in {"is", "is_not", "in", "not_in"}:
        return None
    given = clause.model_dump()[clause.operator]
    for value in given if isinstance(given, tuple) else (given,):
        if _value_kind(value) != kind:
            return f"{value} is {_value_kind(value)}, but {clause.field} is {kind}"
        words = _allowed_texts(clause.field)
        if words and value not in words:
            return f"{clause.field} is one of {', '.join(words)}"
    return None


def _allowed_texts(name: str) -> tuple[str, ...]:
    """The only texts a value can be; none where it may be any."""
    attendance = tuple(Attendance) if name.startswith("attendance.") else ()
    return ALLOWED_TEXTS.get(name, attendance)


def _value_kind(value: object) -> str:
    if isinstance(value, bool):
        return YES_NO
    return TEXT if isinstance(value, str) else NUMBER
