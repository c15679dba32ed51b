"""An alarm in words, for what no single metric can name."""

from leadloop.edge.wiring import wired
from leadloop.settings import AlarmSettings

LONGEST_SUBJECT = 100  # characters, as SNS takes them


def ring(subject: str, text: str) -> None:
    """Tell the operators; never a word of a person."""
    topic = wired().settings(AlarmSettings).ALARM_TOPIC
    wired().sns.publish(TopicArn=topic, Subject=subject[:LONGEST_SUBJECT], Message=text)
