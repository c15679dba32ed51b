"""What leaves: relay (the table's stream → deliveries and lake), deliver (the one mouth).

And what the stream's other reader keeps of it: tally (the register).
"""

from collections.abc import Mapping
from typing import Any

from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from constructs import Construct

from infra.family import Family, FamilyContext, grant_lead_decisions
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


class Outbound(Family):
    """Relay and tally read the table's stream; deliver works off the queue that relay fills."""

    def __init__(self, scope: Construct, construct_id: str, ground: FamilyContext) -> None:
        super().__init__(scope, construct_id, ground)
        data, told = ground.data, ground.told
        relay = self.worker("relay", told.deliveries, told.lake)
        data.deliveries.grant_send_messages(relay)
        rights.grant_lake_write(relay, data.lake)
        _read_stream(relay, ground, READY_DELIVERY, NEW_TIMELINE_ENTRY, NEW_SUBMISSION)

        tally = self.worker("tally", told.register)
        rights.grant_register_update(tally, data.table)
        _read_stream(tally, ground, NEW_SUBMISSION)

        deliver = self.worker("deliver", told.table, told.playbook, told.links, told.public)
        grant_lead_decisions(deliver, data)
        rights.grant_mail_send(deliver)
        data.links.grant_read(deliver)
        deliver.consume_queue(data.deliveries)


def _read_stream(
    function: LeadFunction, ground: FamilyContext, *patterns: Mapping[str, Any]
) -> None:
    """Let `function` see these records of the table's stream; who cannot be read is parked."""
    function.add_event_source(
        sources.DynamoEventSource(
            ground.data.table,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=100,
            filters=[_stream_filter(pattern) for pattern in patterns],
            report_batch_item_failures=True,
            bisect_batch_on_error=True,
            retry_attempts=10,
            max_record_age=ground.deployment.stream_patience,
            on_failure=sources.SqsDlq(ground.data.unrelayed),
        )
    )


def _stream_filter(pattern: Mapping[str, Any]) -> Mapping[str, Any]:
    return lambda_.FilterCriteria.filter(dict(pattern))
