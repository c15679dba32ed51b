"""What events say of touches, consents and matches: never a word that names the person."""

from typing import NamedTuple

from leadloop.decide.lead.change_set import ChangeSet
from leadloop.model.events.leads import PossibleMatchFound
from leadloop.model.submission import ConsentRecord, Touch

MOST_CAMPAIGN = 80  # characters; what is longer is no name of a campaign


def campaign_of(touch: Touch | None) -> str | None:
    """The campaign of the touch; None also for a text that may be an address or is too long.

    Anybody can write anything into a link, and events go to the lake.
    """
    campaign = touch.utm_campaign if touch is not None else None
    if not campaign or len(campaign) > MOST_CAMPAIGN:
        return None
    return None if "@" in campaign or "%40" in campaign else campaign


class ArrivalFields(NamedTuple):
    """The campaign of an inquiry, and the purposes that the person has agreed to with it."""

    campaign: str | None
    purposes: str | None


def arrival_fields(touch: Touch, consent: ConsentRecord | None) -> ArrivalFields:
    """What events say of an inquiry that has arrived; None where it says nothing."""
    purposes = ", ".join(consent.purposes) if consent is not None else None
    return ArrivalFields(campaign_of(touch), purposes)


def record_possible_matches(change_set: ChangeSet, known: tuple[str, ...] = ()) -> None:
    """Record each lead that may be the same person, and is not among the `known` ones."""
    for other in change_set.person.possible_matches:
        if other not in known:
            change_set.record_event(PossibleMatchFound(other=other))
