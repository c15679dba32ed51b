"""How much is left of the offers that sources promise, as findings before nothing is left."""

from collections.abc import Iterator

from leadloop.content.offers import OfferRefusal, count_remaining, grant_offer
from leadloop.content.policy import CodeOffer, DownloadOffer, SeatOffer
from leadloop.edge.act import table
from leadloop.edge.live_playbook import playbook
from leadloop.insight.health import Finding
from leadloop.intake.policy import Source
from leadloop.model.facts import Facts
from leadloop.model.offer import OfferRef
from leadloop.store.read import read


def low_offer_findings() -> tuple[Finding, ...]:
    """A finding for each offer that a source promises and that is used up, or nearly."""
    book = playbook().playbook
    pools = {
        name: offer for name, offer in book.offers.items() if not isinstance(offer, DownloadOffer)
    }
    facts = Facts(read(table(), [OfferRef(name) for name in pools]))
    return tuple(
        finding
        for source in book.sources.values()
        for name in dict.fromkeys(_promised_offers(source))
        if name in pools
        for finding in _offer_findings(source.id, pools[name], facts)
    )


def _promised_offers(source: Source) -> Iterator[str]:
    yield from filter(None, (source.offer, *(row.offer for row in source.auto_responses)))


def _offer_findings(source: str, offer: CodeOffer | SeatOffer, facts: Facts) -> Iterator[Finding]:
    usage = facts.get(OfferRef(offer.id))
    granted = grant_offer(offer, usage)
    if isinstance(granted, OfferRefusal):
        text = f"gives “{offer.id}” to nobody any more: {granted.why}"
        yield Finding(source=source, what="offer_gone", text=text)
    elif (remaining := count_remaining(offer, usage)) <= offer.low:
        yield Finding(source=source, what="offer_low", text=f"{remaining} of “{offer.id}” are left")
