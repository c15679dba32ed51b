"""A playbook in the form that code asks: conditions as closures, rows by name.

It is compiled once for each version.
"""

from collections.abc import Iterable
from functools import cached_property

from leadloop.intake.policy import AutoResponse, DeskSource, MailSource, Source
from leadloop.model.lead import Points
from leadloop.nurture.policy import BranchStep, Sequence
from leadloop.playbook.closed_clauses import list_closed_clauses
from leadloop.playbook.model import Playbook
from leadloop.policy.conditions import Predicate, View, compile_condition
from leadloop.policy.rules import Rules
from leadloop.routing.choose import CompiledRoutes
from leadloop.routing.policy import Rep
from leadloop.scoring.fit import compile_fit_rules
from leadloop.scoring.policy import ScoreModel, Thresholds

# No lead reaches them, because no rule gives a point.
UNREACHABLE_THRESHOLDS = Thresholds(warm=1, hot=1, qualify=1)
NO_POINTS: Rules[Points] = Rules(())
NO_SEQUENCES: Rules[Sequence] = Rules(())
NO_AUTO_RESPONSES: Rules[AutoResponse] = Rules(())
NO_QUESTIONS: Rules[bool] = Rules(())


class CompiledPlaybook:
    """What `decide` and the doors ask of a playbook.

    The loader has checked the names that rows refer to. So they are looked up without a check.
    """

    def __init__(self, playbook: Playbook) -> None:
        self.playbook = playbook
        self.version = playbook.version
        self._fit = {line: compile_fit_rules(model.fit) for line, model in playbook.scores.items()}
        self.routes = CompiledRoutes(playbook.routing.routes)
        self._sequences = {
            line: Rules((each.when, each) for each in sequences)
            for line, sequences in _by_line(playbook.sequences.values()).items()
        }
        self._exits = {
            name: tuple(compile_condition(exit_) for exit_ in sequence.exits)
            for name, sequence in playbook.sequences.items()
        }
        self._branches = {
            (name, step.id): compile_condition(step.when)
            for name, sequence in playbook.sequences.items()
            for step in sequence.steps
            if isinstance(step, BranchStep)
        }
        self._closed_clauses: dict[str, tuple[Predicate, ...]] = {}

    def source(self, name: str) -> Source:
        """The source called `name`.

        A source that was removed from the playbook becomes a desk source of this name, with the
        company's language and first product line.
        """
        source = self.playbook.sources.get(name)
        if source is not None:
            return source
        company = self.playbook.company
        line = company.product_lines[0].id
        return DeskSource(
            kind="desk", id=name, product_line=line, country="", language=company.language
        )

    def mail_source(self, address: str) -> MailSource | None:
        """The source that receives mail at `address`; None: the address is no drop address.

        A drop address is the source's local part at the company's drop domain.
        """
        local, _, domain = address.casefold().rpartition("@")
        if domain != self.playbook.company.drop_domain.casefold():
            return None
        return self._mail_sources.get(local)

    @property
    def lines(self) -> tuple[str, ...]:
        """The product lines that are sold."""
        return tuple(self.playbook.scores)

    def score_model(self, product_line: str) -> ScoreModel:
        """The score model of a product line; for a removed line, one that gives no points."""
        model = self.playbook.scores.get(product_line)
        return model or ScoreModel(
            id="none", product_line=product_line, thresholds=UNREACHABLE_THRESHOLDS
        )

    def fit_rules(self, product_line: str) -> Rules[Points]:
        """The rules of a product line that give points for who the person is."""
        return self._fit.get(product_line, NO_POINTS)

    def closed_clauses(self, product_line: str) -> tuple[Predicate, ...]:
        """The clauses that ask for a free text or an identifier; see `list_closed_clauses`."""
        if product_line not in self._closed_clauses:
            clauses = list_closed_clauses(self.playbook, product_line)
            self._closed_clauses[product_line] = tuple(each.build_predicate() for each in clauses)
        return self._closed_clauses[product_line]

    def rep(self, name: str) -> Rep | None:
        """The rep called `name`, from any pool; None: the playbook has no such rep."""
        return self._reps.get(name, (None, None))[1]

    def reps(self) -> Iterable[str]:
        """The ids of all reps, of all pools."""
        return self._reps

    def pool_of(self, rep: str) -> str | None:
        """The pool that a rep belongs to; None: the playbook has no such rep."""
        return self._reps.get(rep, (None, None))[0]

    def sequence(self, name: str) -> Sequence | None:
        """The sequence called `name`; None: the playbook has no such sequence."""
        return self.playbook.sequences.get(name)

    def sequences(self, product_line: str) -> Rules[Sequence]:
        """The sequences of a product line, each with its `when` as the condition to enter."""
        return self._sequences.get(product_line, NO_SEQUENCES)

    def is_exit_met(self, sequence: str, view: View) -> bool:
        """Whether at least one exit of the sequence holds on `view`."""
        return any(is_met(view) for is_met in self._exits[sequence])

    def branch_predicate(self, sequence: str, step: str) -> Predicate:
        """The condition of a branch step."""
        return self._branches[sequence, step]

    def auto_responses(self, source: str) -> Rules[AutoResponse]:
        """The automatic answers of a source; the first that holds is sent."""
        return self._auto_responses.get(source, NO_AUTO_RESPONSES)

    def question_rules(self, source: str) -> Rules[bool]:
        """The rule of a source that tells whether a person has asked something of a colleague."""
        return self._question_rules.get(source, NO_QUESTIONS)

    @cached_property
    def _auto_responses(self) -> dict[str, Rules[AutoResponse]]:
        return {
            name: Rules((row.when, row) for row in source.auto_responses)
            for name, source in self.playbook.sources.items()
            if source.auto_responses
        }

    @cached_property
    def _question_rules(self) -> dict[str, Rules[bool]]:
        return {
            name: Rules([(source.asks, True)])
            for name, source in self.playbook.sources.items()
            if source.asks is not None
        }

    @cached_property
    def _mail_sources(self) -> dict[str, MailSource]:
        sources = self.playbook.sources.values()
        return {s.address.casefold(): s for s in sources if isinstance(s, MailSource)}

    @cached_property
    def _reps(self) -> dict[str, tuple[str, Rep] | tuple[None, None]]:
        pools = self.playbook.pools.items()
        return {rep.id: (name, rep) for name, pool in pools for rep in pool.reps}


def _by_line(sequences: Iterable[Sequence]) -> dict[str, list[Sequence]]:
    by_line: dict[str, list[Sequence]] = {}
    for each in sequences:
        by_line.setdefault(each.product_line, []).append(each)
    return by_line
