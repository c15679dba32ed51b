"""What is polled: every few minutes, the feeds and drops that are due by then."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from infra.family import Family, Ground
from infra.kit import rights

EVERY = Duration.minutes(5)


class Feeds(Family):
    """`function` polls; one run at a time, since two would ask the same servers for the same."""

    def __init__(self, scope: Construct, construct_id: str, ground: Ground) -> None:
        super().__init__(scope, construct_id, ground)
        data, told = ground.data, ground.told
        self.function = feeds = self.worker(
            "feeds",
            told.checkpoints,
            told.playbook,
            told.raw,
            told.submissions,
            told.vendors,
            timeout=EVERY,
            at_once=1,
        )
        data.submissions.grant_send_messages(feeds)
        rights.may_keep_checkpoints(feeds, data.table)
        rights.may_read(feeds, data.playbooks, rights.PLAYBOOK)
        rights.may_write(feeds, data.raw, rights.FED)
        rights.may_read_secrets(feeds, data.vendor_secrets)
        events.Rule(
            self,
            "EveryFiveMinutes",
            schedule=events.Schedule.rate(EVERY),
            targets=[targets.LambdaFunction(feeds, retry_attempts=0)],
        )
