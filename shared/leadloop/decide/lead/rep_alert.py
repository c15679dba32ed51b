"""The mail to a lead's owner: at once, or collected with others into one that says how often.

Anybody can post the same form a hundred times. A rep gets one alert about a person in ten minutes,
then one that says how often. A rise to hot and a reply do not wait, but at most three times.
"""

from datetime import datetime, timedelta

from leadloop.decide.lead.change_set import ChangeSet
from leadloop.model.delivery import Delivery, DeliveryState, Purpose, delivery_ref
from leadloop.model.facts import Change
from leadloop.model.lead import RepAlerts
from leadloop.routing.policy import Rep

ALERT_WINDOW = timedelta(minutes=10)
MOST_URGENT_ALERTS = 3  # in that time
MOST_NOTE_CHARACTERS = 1_000  # of the note, in a mail; all of it is on the timeline
COUNT_WORD, SAID_WORD = "alert_count", "said"


def alert_owner(change_set: ChangeSet, why: str, *, is_reply: bool = False) -> None:
    """Mail the rep who owns the lead: who it is, why hot, why theirs, what was just said."""
    assignment = change_set.lead.assignment
    if assignment is None or assignment.rep is None or change_set.lead.quiet:
        return
    rep = change_set.book.rep(assignment.rep)
    if rep is None:
        return
    now, alerts = change_set.now, _alerts_to(change_set, rep)
    waiting = _find_collected(change_set, alerts)
    if alerts is None or not _is_recent(change_set, alerts, waiting):
        _queue_alert(change_set, rep, why)
        alerts = (alerts or RepAlerts(rep=rep.id, last_at=now)).but(last_at=now, collected=None)
    elif _may_be_urgent(change_set, alerts, is_reply=is_reply):
        _queue_alert(change_set, rep, why)
        alerts = alerts.but(urgent_at=(*alerts.urgent_at, now)[-MOST_URGENT_ALERTS:])
    elif waiting is not None:
        _count_in(change_set, waiting, why)
    else:
        alerts = _collect(change_set, rep, why, alerts)
    change_set.update_lead(alerts=alerts)


def _may_be_urgent(change_set: ChangeSet, alerts: RepAlerts, *, is_reply: bool) -> bool:
    recent = [at for at in alerts.urgent_at if change_set.now < at + ALERT_WINDOW]
    return (is_reply or change_set.is_rise_to_hot) and len(recent) < MOST_URGENT_ALERTS


def _alerts_to(change_set: ChangeSet, rep: Rep) -> RepAlerts | None:
    alerts = change_set.lead.alerts
    return alerts if alerts is not None and alerts.rep == rep.id else None


def _find_collected(change_set: ChangeSet, alerts: RepAlerts | None) -> Delivery | None:
    """The delivery that waits to say how often; None once it is on its way."""
    if alerts is None or alerts.collected is None:
        return None
    ref = delivery_ref(change_set.lead_id, alerts.collected)
    change_set.facts.require(ref)
    delivery = change_set.facts.get(ref)
    if delivery is None or delivery.state is not DeliveryState.WAITING:
        return None
    return delivery


def _is_recent(change_set: ChangeSet, alerts: RepAlerts, waiting: Delivery | None) -> bool:
    return waiting is not None or change_set.now < alerts.last_at + ALERT_WINDOW


def _collect(change_set: ChangeSet, rep: Rep, why: str, alerts: RepAlerts) -> RepAlerts:
    """Queue the one that waits until the window is over; from then on the next window runs."""
    at = alerts.last_at + ALERT_WINDOW
    delivery = _queue_alert(change_set, rep, why, wait_until=at)
    return alerts.but(last_at=at, collected=delivery and delivery.id)


def _count_in(change_set: ChangeSet, waiting: Delivery, why: str) -> None:
    data = waiting.data
    count = int(data.get(COUNT_WORD, "1")) + 1
    said = "\n".join(filter(None, (data.get(SAID_WORD), change_set.note)))
    after = waiting.but(
        version=waiting.version + 1,
        data={**data, **_alert_data(change_set, why, said), COUNT_WORD: str(count)},
    )
    ref = delivery_ref(waiting.lead_id, waiting.id)
    change_set.add_change(Change(ref, waiting.version, after))


def _queue_alert(
    change_set: ChangeSet, rep: Rep, why: str, wait_until: datetime | None = None
) -> Delivery | None:
    language = rep.languages[0] if rep.languages else change_set.book.playbook.company.language
    return change_set.queue_delivery(
        Purpose.REP_ALERT,
        template="rep_alert",
        language=language,
        rep=rep.id,
        data=_alert_data(change_set, why, change_set.note),
        wait_until=wait_until,
    )


def _alert_data(change_set: ChangeSet, why: str, said: str | None) -> dict[str, str]:
    points = change_set.lead.score.points
    return {
        "route_reason": why,
        "reasons": "\n".join(row.reason for row in points if row.points > 0),
        **({SAID_WORD: said[:MOST_NOTE_CHARACTERS]} if said else {}),
    }
