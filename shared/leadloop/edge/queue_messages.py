"""Messages of our own queues, beside envelopes and signals."""

from leadloop.model.base import Model


class ReadyDelivery(Model):
    """A delivery that is ready to be sent; its content is in the table."""

    lead_id: str
    delivery_id: str
