"""Alarms in words, for faults that no single metric can name."""

from leadloop.edge.wiring import get_wiring
from leadloop.settings import AlarmSettings

LONGEST_SUBJECT = 100  # characters


def notify_operators(subject: str, text: str) -> None:
    """Publish an alarm to the operators. It must hold nothing of a person.

    Source: SNS `Publish`; a subject has at most 100 characters.
    """
    topic = get_wiring().settings(AlarmSettings).ALARM_TOPIC
    get_wiring().sns.publish(TopicArn=topic, Subject=subject[:LONGEST_SUBJECT], Message=text)
