"""What a decision may know: references, what was read of them, and how a decision changes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeVar

from leadloop.model.account import Account, Claim, LastAutoResponse, OfferUsage, Pool, Suppression
from leadloop.model.delivery import Delivery
from leadloop.model.event import TimelineEntry
from leadloop.model.lead import Record
from leadloop.model.provider_check import CheckRef, ProviderAnswer, ProviderFailure
from leadloop.model.visitor import Visitor


class RecordRef(NamedTuple):
    """A submission's record, and the lead it founds."""

    id: str


class ClaimRef(NamedTuple):
    """Whose is this normalised value? The store keys it by HMAC; the value never is a key.

    `relay` is a source and the address that its portal made up for one conversation.
    """

    what: Literal["email", "phone", "relay"]
    value: str


class PoolRef(NamedTuple):
    """A pool's book."""

    pool: str


class AccountRef(NamedTuple):
    """A company, by its registrable domain."""

    domain: str


class DeliveryRef(NamedTuple):
    """A delivery of a lead."""

    lead_id: str
    delivery_id: str


class SuppressionRef(NamedTuple):
    """Is there a stop for this address? Scope `marketing`, or `all`."""

    address: str
    scope: Literal["marketing", "all"]


class OfferRef(NamedTuple):
    """The book of an offer's pool."""

    offer: str


class LastAutoResponseRef(NamedTuple):
    """When has this address had the automatic answer `what` last?"""

    address: str
    what: str


class VisitorRef(NamedTuple):
    """What was done in a browser, and who is known there; by the id that its script drew."""

    visitor: str


class MailRef(NamedTuple):
    """Has a mail with this Message-ID and these bytes come before? Then who was it."""

    message_id: str
    sha256: str


class EntryRef(NamedTuple):
    """A timeline entry: written, never read by a decision."""

    lead_id: str
    at: str
    trigger_id: str
    n: int


Ref = (
    RecordRef
    | ClaimRef
    | PoolRef
    | AccountRef
    | DeliveryRef
    | SuppressionRef
    | LastAutoResponseRef
    | OfferRef
    | VisitorRef
    | MailRef
    | EntryRef
)
Entity = (
    Record
    | Claim
    | Pool
    | Account
    | Delivery
    | Suppression
    | LastAutoResponse
    | OfferUsage
    | Visitor
    | TimelineEntry
)

FactRef = Ref | CheckRef

E = TypeVar("E", bound="Entity")


class Change(NamedTuple):
    """`ref` becomes `after`, if it still is at version `before` (None: is not there)."""

    ref: Ref
    before: int | None
    after: Entity


class FactRequest(NamedTuple):
    """What a decision must still know: items of ours, and what others say."""

    refs: frozenset[FactRef]


class Unknown(Exception):
    """A fact is needed that was not read yet."""

    def __init__(self, refs: frozenset[FactRef]) -> None:
        super().__init__(f"not read yet: {sorted(map(str, refs))}")
        self.refs = refs


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known: each reference read has its entity, or None where there is nothing.

    `said` is what came of asking others.
    """

    known: Mapping[Ref, Entity | None] = field(default_factory=dict)
    said: Mapping[CheckRef, ProviderAnswer | ProviderFailure] = field(default_factory=dict)

    def require(self, *refs: FactRef) -> None:
        """Say at once what is needed, so that it is read in one go.

        Raises:
            Unknown: with those of `refs` that were not read yet.

        """
        missing = frozenset(ref for ref in refs if ref not in self.known and ref not in self.said)
        if missing:
            raise Unknown(missing)

    def record(self, ref: RecordRef) -> Record | None:
        """The record of a submission, or None if it has no outcome yet."""
        return self._known(ref, Record)

    def claim(self, ref: ClaimRef | MailRef) -> Claim | None:
        """Who holds this value, if anybody."""
        return self._known(ref, Claim)

    def pool(self, ref: PoolRef) -> Pool | None:
        """The pool's book, or None before its first lead."""
        return self._known(ref, Pool)

    def account(self, ref: AccountRef) -> Account | None:
        """The company, or None while nobody owns it."""
        return self._known(ref, Account)

    def delivery(self, ref: DeliveryRef) -> Delivery | None:
        """A delivery as it stands."""
        return self._known(ref, Delivery)

    def suppression(self, ref: SuppressionRef) -> Suppression | None:
        """The stop for this address and scope, or None."""
        return self._known(ref, Suppression)

    def offer(self, ref: OfferRef) -> OfferUsage | None:
        """The book of an offer, or None before anybody had it."""
        return self._known(ref, OfferUsage)

    def last_auto_response(self, ref: LastAutoResponseRef) -> LastAutoResponse | None:
        """The last automatic answer to this address, if there was one."""
        return self._known(ref, LastAutoResponse)

    def visitor(self, ref: VisitorRef) -> Visitor | None:
        """What is kept of a browser, or None."""
        return self._known(ref, Visitor)

    def check(self, ref: CheckRef) -> ProviderAnswer | ProviderFailure:
        """What came of asking others."""
        self.require(ref)
        return self.said[ref]

    def _known(self, ref: Ref, kind: type[E]) -> E | None:
        self.require(ref)
        entity = self.known[ref]
        if entity is not None and not isinstance(entity, kind):
            raise TypeError(f"{ref} is a {entity.kind}, not a {kind.__name__}")
        return entity

    def learn(
        self,
        answers: Mapping[Ref, Entity | None],
        said: Mapping[CheckRef, ProviderAnswer | ProviderFailure],
    ) -> "Facts":
        """These facts and more; what was known before wins, since the fold may be ahead."""
        return Facts({**answers, **self.known}, {**said, **self.said})

    def apply(self, changes: Iterable[Change]) -> "Facts":
        """The facts as they are once `changes` are committed: the law the store is held to."""
        after = {change.ref: change.after for change in changes}
        return Facts({**self.known, **after}, self.said)
