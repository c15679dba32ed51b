"""The clauses of a playbook that ask for a free text or an identifier of the person.

Of such a value only the results of these clauses are kept beside a decision. Of a name that tells
of nobody the value itself is kept.
"""

from collections.abc import Iterator

from leadloop.nurture.policy import BranchStep
from leadloop.playbook.model import Playbook
from leadloop.policy.clauses import Clause
from leadloop.policy.conditions import Condition, clauses_of

OPEN_NAMES = frozenset(
    {
        "channel",
        "completeness",
        "contact.country",
        "contact.free_mail",
        "contact.language",
        "contact.phone_region",
        "contact.phone_type",
        "contact.role_address",
        "customer",
        "cycle",
        "interest.budget",
        "interest.employees",
        "language",
        "open_question",
        "product_line",
        "rating",
        "score.behaviour",
        "score.fit",
        "score.total",
        "source",
        "stage",
        "subscriber",
        "vendor",
    }
)
OPEN_GROUPS = ("signals.", "attendance.")  # words of the playbook


def is_open(name: str) -> bool:
    """Whether a value of this name tells of nobody."""
    return name in OPEN_NAMES or name.startswith(OPEN_GROUPS)


def list_closed_clauses(playbook: Playbook, line: str) -> tuple[Clause, ...]:
    """The clauses of scores, routes and sequences of a product line that ask for a closed name.

    Each once, in the order of the playbook.
    """
    clauses = (each for when in _conditions(playbook, line) for each in clauses_of(when))
    return tuple(dict.fromkeys(each for each in clauses if not is_open(each.field)))


def _conditions(playbook: Playbook, line: str) -> Iterator[Condition]:
    model = playbook.scores.get(line)
    yield from (rule.when for rule in (model.fit if model else ()))
    yield from (route.when for route in playbook.routing.routes if route.when is not None)
    for sequence in playbook.sequences.values():
        if sequence.product_line != line:
            continue
        if sequence.when is not None:
            yield sequence.when
        yield from sequence.exits
        yield from (step.when for step in sequence.steps if isinstance(step, BranchStep))
