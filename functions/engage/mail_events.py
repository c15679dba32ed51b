"""News of our mails that Amazon SES sends by an SNS topic, as signals."""

from functools import cache
from typing import Any

from leadloop.content.reply_address import is_signed_delivery
from leadloop.edge import clock
from leadloop.edge.sns_messages import NotGenuine, read_notification
from leadloop.edge.wiring import Wiring, get_wiring
from leadloop.intake.mail_events import read_mail_event
from leadloop.model.errors import Busy
from leadloop.model.signal import Signal
from leadloop.settings import MailEventsSettings


def read_signal(message: dict[str, Any]) -> Signal | None:
    """The signal in the notification; None if it is not to be believed, or changes nothing.

    It is believed if SNS signed it, for our topic, and the mail in it bears our own signature.

    Raises:
        Busy: the certificate of SNS could not be fetched now.

    """
    wiring = get_wiring()
    topic = wiring.settings(MailEventsSettings).MAIL_EVENTS_TOPIC
    try:
        content = read_notification(
            message, topic=topic, now=clock.now(), fetch=lambda url: _certificate(wiring, url)
        )
    except NotGenuine:
        return None
    event = read_mail_event(content)
    if event is None or not is_signed_delivery(
        event.lead_id, event.delivery_id, event.signature, wiring.links_secret
    ):
        return None
    return Signal(
        id=f"{event.word}:{event.delivery_id}",
        signal=event.word,
        lead_id=event.lead_id,
        delivery_id=event.delivery_id,
        recipients=event.recipients,
        at=event.at or clock.now(),
        confirmed=True,
    )


@cache
def _certificate(wiring: Wiring, url: str) -> bytes:
    """The certificate at the address, fetched once per process."""
    from leadloop.providers.http_json import HttpClient, NoAnswer  # noqa: PLC0415  most batches ask nobody

    client = HttpClient(wiring.settings(MailEventsSettings).OUTBOUND_GATEWAY)
    try:
        reply = client.call("GET", url)
    except NoAnswer as error:
        raise Busy("the certificate of SNS is not there") from error
    if reply.status != 200:
        raise Busy("the certificate of SNS is not there")
    return reply.body
