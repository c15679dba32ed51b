"""What travels in our own queues, beside envelopes and signals."""

from leadloop.model.base import Model


class ReadyDelivery(Model):
    """A delivery that is ready to be said; what it says is in the table."""

    lead_id: str
    delivery_id: str
