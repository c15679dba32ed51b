"""Polling: every five minutes, the feeds and drops that are due by then."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from infra.data_stack import FEED_PREFIX, PLAYBOOK_PREFIX
from infra.family import Family, FamilyContext

POLL_INTERVAL = Duration.minutes(5)


class Feeds(Family):
    """`function` polls; one run at a time, since two would ask the same servers twice."""

    def __init__(self, scope: Construct, construct_id: str, context: FamilyContext) -> None:
        super().__init__(scope, construct_id, context)
        data = context.data
        self.function = feeds = self.worker("feeds", timeout=POLL_INTERVAL, at_once=1)
        data.submissions.send_from(feeds)
        data.table.allow_checkpoint_changes(feeds)
        data.playbooks.use_in(feeds, read=(PLAYBOOK_PREFIX,))
        data.raw.use_in(feeds, write=(FEED_PREFIX,))
        data.vendors.use_in(feeds)
        events.Rule(
            self,
            "EveryFiveMinutes",
            schedule=events.Schedule.rate(POLL_INTERVAL),
            targets=[targets.LambdaFunction(feeds, retry_attempts=0)],
        )
