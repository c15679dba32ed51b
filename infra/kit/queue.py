"""A queue as we want every queue: a dead-letter queue, an alarm on it, nothing unencrypted."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.kit.alarms import FIVE_MINUTES, Alarms

RETENTION = Duration.days(14)
MAX_RECEIVES = 5


class DeadLetters(sqs.Queue):
    """What could not be done, until `upkeep` has given it an end.

    `upkeep` may empty it before anyone sees it full, so what was taken from it alarms too.
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
        seen = cloudwatch.MathExpression(
            expression="waiting + taken",
            using_metrics={
                "waiting": self.metric_approximate_number_of_messages_visible(statistic="max"),
                "taken": self.metric_number_of_messages_received(),
            },
            period=FIVE_MINUTES,
        )
        alarms.add_alarm(self, "Alarm", metric=seen, what=f"{construct_id}: something was given up")


class WorkQueue(sqs.Queue):
    """Messages are our only copy of what was accepted: kept 14 days, tried five times.

    `worker_timeout` is the time-out of the function that reads it; AWS wants six times that.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, alarms: Alarms, worker_timeout: Duration
    ) -> None:
        visibility = Duration.seconds(6 * worker_timeout.to_seconds())
        self.dead = DeadLetters(scope, f"{construct_id}Dead", alarms=alarms, visibility=visibility)
        super().__init__(
            scope,
            construct_id,
            enforce_ssl=True,
            retention_period=RETENTION,
            visibility_timeout=visibility,
            dead_letter_queue=sqs.DeadLetterQueue(max_receive_count=MAX_RECEIVES, queue=self.dead),
        )
