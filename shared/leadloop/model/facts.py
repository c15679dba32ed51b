"""What a decision may know: the entities of references, and how a decision changes them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeVar, cast

from leadloop.model.count import Count, CountValue
from leadloop.model.provider_check import CheckRef, ProviderAnswer, ProviderFailure
from leadloop.model.reference import AnyRef, Entity, Ref
from leadloop.model.trace import DecisionNotes


class PlaybookRef(NamedTuple):
    """A published version of the playbook, as a fact: it never changes.

    `kind` keeps it apart from other references, which are tuples too.
    """

    version: str
    kind: Literal["playbook"] = "playbook"


FactRef = AnyRef | CheckRef | PlaybookRef

E = TypeVar("E", bound=Entity)


class Change(NamedTuple):
    """`ref` becomes `after` if it still has version `before` (None: if nothing is there)."""

    ref: AnyRef
    before: int | None
    after: Entity


class Check(NamedTuple):
    """`ref` must still have `version` (None: nothing is there) when a decision is written.

    It is for what a decision leans on and does not change.
    """

    ref: AnyRef
    version: int | None


class FactRequest(NamedTuple):
    """What a decision must still know: entities, answers of providers, versions of the playbook."""

    refs: frozenset[FactRef]


class Unknown(Exception):
    """A fact is needed that was not read yet."""

    def __init__(self, refs: frozenset[FactRef]) -> None:
        super().__init__(f"not read yet: {sorted(map(str, refs))}")
        self.refs = refs


class UnreadableItem(Exception):
    """An item lies there that this code cannot read: it is damaged, or of a later version."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known. `known` has, for each reference that was read, its entity or None.

    An item that cannot be read is a fault of the decision that needs it, and of no other.
    `provider_answers` is what providers answered, or why they did not. `playbooks` has the compiled
    playbook of a version, or None if nobody can read it.
    """

    known: Mapping[AnyRef, Entity | UnreadableItem | None] = field(default_factory=dict)
    provider_answers: Mapping[CheckRef, ProviderAnswer | ProviderFailure] = field(
        default_factory=dict
    )
    playbooks: Mapping[PlaybookRef, object | None] = field(default_factory=dict)
    notes: DecisionNotes | None = None

    def require(self, *refs: FactRef) -> None:
        """Check that `refs` were read. Name all at once, so that they are read in one go.

        Raises:
            Unknown: with those of `refs` that were not read yet.

        """
        missing = frozenset(
            ref
            for ref in refs
            if not (ref in self.known or ref in self.provider_answers or ref in self.playbooks)
        )
        if missing:
            raise Unknown(missing)

    def get(self, ref: Ref[E]) -> E | None:
        """The entity of `ref`, or None where there is nothing.

        Raises:
            Unknown: `ref` was not read yet.
            UnreadableItem: what lies there cannot be read.
            TypeError: an entity of another type lies there.

        """
        if ref not in self.known:
            raise Unknown(frozenset((ref,)))
        if self.notes is not None:
            self.notes.read[ref] = None
        entity = self.known[ref]
        if isinstance(entity, UnreadableItem):
            raise entity
        if entity is not None and not isinstance(entity, ref.entity):
            raise TypeError(f"{ref} is a {type(entity).__name__}, not a {ref.entity.__name__}")
        return cast("E | None", entity)

    def check(self, ref: CheckRef) -> ProviderAnswer | ProviderFailure:
        """What the provider answered, or why it did not.

        Raises:
            Unknown: it was not asked yet.

        """
        self.require(ref)
        if self.notes is not None:
            self.notes.read[ref] = None
        return self.provider_answers[ref]

    def find_playbook(self, ref: PlaybookRef) -> object | None:
        """The compiled playbook of a version, or None if nobody can read it.

        Raises:
            Unknown: it was not read yet.

        """
        self.require(ref)
        if self.notes is not None:
            self.notes.read[ref] = None
        return self.playbooks[ref]

    def noting(self, notes: DecisionNotes) -> "Facts":
        """The same facts; what is read of them is noted."""
        return Facts(self.known, self.provider_answers, self.playbooks, notes)

    def learn(
        self,
        answers: Mapping[AnyRef, Entity | UnreadableItem | None],
        provider_answers: Mapping[CheckRef, ProviderAnswer | ProviderFailure],
        playbooks: Mapping[PlaybookRef, object | None],
    ) -> "Facts":
        """These facts and more; a fact known before wins, since the fold may be ahead."""
        return Facts(
            {**answers, **self.known},
            {**provider_answers, **self.provider_answers},
            {**playbooks, **self.playbooks},
        )

    def forget_entities(self) -> "Facts":
        """Only what no other can have changed meanwhile: answers of providers, and playbooks."""
        return Facts({}, self.provider_answers, self.playbooks)

    def apply(self, changes: Iterable[Change], counts: Iterable[Count] = ()) -> "Facts":
        """The facts once `changes` and `counts` are committed. Tests hold the store to this law.

        A count may be larger by then, by what others added.
        """
        after: dict[AnyRef, Entity | None] = {change.ref: change.after for change in changes}
        for count in counts:
            known = after.get(count.ref, self.known.get(count.ref))
            before = (
                known
                if isinstance(known, CountValue)
                else CountValue(value=0, until=count.expires_at)
            )
            after[count.ref] = before.but(value=before.value + count.by)
        return Facts({**self.known, **after}, self.provider_answers, self.playbooks)
