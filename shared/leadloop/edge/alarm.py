"""An alarm in words, for what no single metric can name."""

from leadloop.edge.wiring import get_wiring
from leadloop.settings import AlarmSettings

LONGEST_SUBJECT = 100  # characters, as SNS takes them


def notify_operators(subject: str, text: str) -> None:
    """Tell the operators; never a word of a person."""
    topic = get_wiring().settings(AlarmSettings).ALARM_TOPIC
    get_wiring().sns.publish(TopicArn=topic, Subject=subject[:LONGEST_SUBJECT], Message=text)
