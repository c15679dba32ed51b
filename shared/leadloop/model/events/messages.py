"""Sequences, offers, stops, deliveries, and what people do with our messages.

A field with a default is not stored while it has that value.
"""

from typing import NamedTuple

from leadloop.model.delivery import DeliveryState, Purpose


class SequenceEntered(NamedTuple):
    """The lead is enrolled in a sequence, and waits for its first step."""

    sequence: str


class StepTaken(NamedTuple):
    """The message of a step is on its way."""

    sequence: str
    step: str


class StepSkipped(NamedTuple):
    """The message of a step was too late, and is not sent."""

    sequence: str
    step: str
    why: str


class BranchTaken(NamedTuple):
    """A branch has led on, and the lead waits for the step that it led to."""

    sequence: str
    step: str


class SequenceMoved(NamedTuple):
    """The playbook by which the lead entered can be read no longer: it goes on by the live one."""

    sequence: str
    before: str
    version: str


class SequenceFinished(NamedTuple):
    """The sequence is at its end."""

    sequence: str
    sent: int


class SequenceLeft(NamedTuple):
    """The lead has left the sequence before its end: nothing more is sent from it."""

    sequence: str
    step: str
    why: str


class SignalConfirmed(NamedTuple):
    """A person was seen to do something: a click, a visit, an answer, a bounce of its address."""

    signal: str
    delivery: str | None = None
    ignored: str | None = None


class TouchSeen(NamedTuple):
    """A signal that nobody has confirmed, perhaps a machine's; it changes nothing."""

    signal: str
    delivery: str | None = None
    ignored: str | None = None


class AlertReturned(NamedTuple):
    """A mail to a rep came back."""

    signal: str
    delivery: str


class AddressStopped(NamedTuple):
    """No more messages go to the address: bounce, complaint, wish to be forgotten."""

    why: str


class StopLifted(NamedTuple):
    """The stop by bounce is over: the person has shown that the address works."""

    why: str


class ConfirmationAsked(NamedTuple):
    """The address is asked whether the person wants the offer."""

    offer: str
    delivery: str


class AddressConfirmed(NamedTuple):
    """The address has said yes to the offer."""

    offer: str
    delivery: str


class OfferGiven(NamedTuple):
    """The person has got the offer."""

    offer: str


class OfferLimited(NamedTuple):
    """Too many have asked for the offer from there this hour: the address is not asked."""

    offer: str
    source: str


class OfferExhausted(NamedTuple):
    """Nothing of the offer is left."""

    offer: str
    why: str


class DeliveryChanged(NamedTuple):
    """A message is ready, waits, is being sent, or has met its end.

    `relay` makes it of the delivery's own item, at no extra write: it is in the lake only, and the
    timeline shows the delivery itself.
    """

    delivery: str
    state: DeliveryState
    purpose: Purpose
    channel: str
    template: str
    attempts: int = 0
    owner: str | None = None
    sequence: str | None = None
    step: str | None = None
    offer: str | None = None
