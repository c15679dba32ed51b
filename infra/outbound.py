"""What leaves: relay (the table's stream → deliveries and lake), deliver (the one mouth).

And what the stream's other reader keeps of it: tally (the register).
"""

from collections.abc import Mapping
from typing import Any

from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from constructs import Construct

from infra.family import Family, Ground, may_act
from infra.kit import rights
from infra.kit.function import LeadFunction

# What relay is shown of the stream; it judges nothing, so this is where it is judged.
READY_DELIVERY = {
    "eventName": ["INSERT", "MODIFY"],
    "dynamodb": {
        "Keys": {"sk": {"S": [{"prefix": "D#"}]}},
        "NewImage": {"state": {"S": ["ready"]}},
    },
}
NEW_TIMELINE_ENTRY = {
    "eventName": ["INSERT"],
    "dynamodb": {"Keys": {"sk": {"S": [{"prefix": "E#"}]}}},
}
NEW_SUBMISSION = {"eventName": ["INSERT"], "dynamodb": {"Keys": {"sk": {"S": ["S"]}}}}


class Out(Family):
    """Relay and tally read the table's stream; deliver works off the queue that relay fills."""

    def __init__(self, scope: Construct, construct_id: str, ground: Ground) -> None:
        super().__init__(scope, construct_id, ground)
        data, told = ground.data, ground.told
        relay = self.worker("relay", told.deliveries, told.lake)
        data.deliveries.grant_send_messages(relay)
        rights.may_tell_the_lake(relay, data.lake)
        _reads(relay, ground, READY_DELIVERY, NEW_TIMELINE_ENTRY, NEW_SUBMISSION)

        tally = self.worker("tally", told.register)
        rights.may_keep_register(tally, data.table)
        _reads(tally, ground, NEW_SUBMISSION)

        deliver = self.worker("deliver", told.table, told.playbook, told.links, told.public)
        may_act(deliver, data)
        rights.may_send_mail(deliver)
        data.links.grant_read(deliver)
        deliver.works_off(data.deliveries)


def _reads(function: LeadFunction, ground: Ground, *patterns: Mapping[str, Any]) -> None:
    """Let `function` see these records of the table's stream; who cannot be read is parked."""
    function.add_event_source(
        sources.DynamoEventSource(
            ground.data.table,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=100,
            filters=[_pattern(pattern) for pattern in patterns],
            report_batch_item_failures=True,
            bisect_batch_on_error=True,
            retry_attempts=10,
            max_record_age=ground.deployment.stream_patience,
            on_failure=sources.SqsDlq(ground.data.unrelayed),
        )
    )


def _pattern(pattern: Mapping[str, Any]) -> Mapping[str, Any]:
    return lambda_.FilterCriteria.filter(dict(pattern))
