"""What is polled: every few minutes, the feeds and drops that are due by then."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from infra.family import Family, FamilyContext
from infra.kit import rights

POLL_INTERVAL = Duration.minutes(5)


class Feeds(Family):
    """`function` polls; one run at a time, since two would ask the same servers for the same."""

    def __init__(self, scope: Construct, construct_id: str, ground: FamilyContext) -> None:
        super().__init__(scope, construct_id, ground)
        data, told = ground.data, ground.told
        self.function = feeds = self.worker(
            "feeds",
            told.checkpoints,
            told.playbook,
            told.raw,
            told.submissions,
            told.vendors,
            timeout=POLL_INTERVAL,
            at_once=1,
        )
        data.submissions.grant_send_messages(feeds)
        rights.grant_checkpoint_update(feeds, data.table)
        rights.grant_object_read(feeds, data.playbooks, rights.PLAYBOOK_PREFIX)
        rights.grant_object_write(feeds, data.raw, rights.FEED_PREFIX)
        rights.grant_secret_read(feeds, data.vendor_secrets)
        events.Rule(
            self,
            "EveryFiveMinutes",
            schedule=events.Schedule.rate(POLL_INTERVAL),
            targets=[targets.LambdaFunction(feeds, retry_attempts=0)],
        )
