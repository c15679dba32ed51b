"""Queues: each has a dead-letter queue with an alarm, and takes messages over TLS only."""

from collections.abc import Callable

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.kit.alarms import FIVE_MINUTES, AlarmNotice, Alarms
from infra.kit.rights import Grantee
from leadloop.settings import Settings

RETENTION = Duration.days(14)
MAX_RECEIVES = 5


def visibility_for(worker_timeout: Duration) -> Duration:
    """How long a message is hidden from other readers while one works on it.

    Source: AWS Lambda Developer Guide, "Using Lambda with Amazon SQS": at least six times the
    time-out of the function that reads the queue.
    """
    return Duration.seconds(6 * worker_timeout.to_seconds())


class DeadLetters(sqs.Queue):
    """Messages that failed every time, until `upkeep` has settled them.

    `upkeep` may empty it before anyone sees it full, so messages received from it alarm too.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, alarms: Alarms, visibility: Duration
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            enforce_ssl=True,
            retention_period=RETENTION,
            visibility_timeout=visibility,
        )
        messages = cloudwatch.MathExpression(
            expression="waiting + taken",
            using_metrics={
                "waiting": self.metric_approximate_number_of_messages_visible(statistic="max"),
                "taken": self.metric_number_of_messages_received(),
            },
            period=FIVE_MINUTES,
        )
        alarms.add_alarm(
            self,
            "Alarm",
            metric=messages,
            notice=AlarmNotice(
                severity="page",
                consequence=f"A message failed every time and is now in {construct_id}. "
                "The lead or mail behind it may wait for a person.",
                first_step="Open the quarantine (GET /admin/v1/quarantine) and release or fix it. "
                "If it is not there, look below raw/parked/ of the raw bucket.",
            ),
        )


class WorkQueue(sqs.Queue):
    """Messages are our only copy of accepted work: they stay 14 days and are tried five times.

    `worker_timeout` is the time-out of the function that reads it; `settings` builds, from the
    queue's URL, what a sender reads.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        alarms: Alarms,
        worker_timeout: Duration,
        settings: Callable[[str], Settings],
    ) -> None:
        visibility = visibility_for(worker_timeout)
        self.dead = DeadLetters(scope, f"{construct_id}Dead", alarms=alarms, visibility=visibility)
        super().__init__(
            scope,
            construct_id,
            enforce_ssl=True,
            retention_period=RETENTION,
            visibility_timeout=visibility,
            dead_letter_queue=sqs.DeadLetterQueue(max_receive_count=MAX_RECEIVES, queue=self.dead),
        )
        self._settings = settings(self.queue_url)

    def send_from(self, function: Grantee) -> None:
        """Let `function` send messages, and receive none."""
        function.add_settings(self._settings)
        self.grant_send_messages(function)
