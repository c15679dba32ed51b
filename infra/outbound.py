"""What leaves, and the readers of the table's stream.

relay sends what the stream shows to deliveries and lake; tally counts it, and registers
submissions; deliver alone sends mail.
"""

from collections.abc import Mapping
from typing import Any

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from constructs import Construct

from infra.family import Family, FamilyContext
from infra.kit.alarms import FIVE_MINUTES, AlarmNotice
from infra.kit.function import LeadFunction

# Which records of the stream a function gets. relay itself does not choose.
# Source: AWS Lambda Developer Guide, "Control which events Lambda sends to your function".
CHANGED_DELIVERY = {
    "eventName": ["INSERT", "MODIFY"],
    "dynamodb": {"Keys": {"sk": {"S": [{"prefix": "D#"}]}}},
}
NEW_TIMELINE_ENTRY = {
    "eventName": ["INSERT"],
    "dynamodb": {"Keys": {"sk": {"S": [{"prefix": "E#"}]}}},
}
NEW_SUBMISSION = {"eventName": ["INSERT"], "dynamodb": {"Keys": {"sk": {"S": ["S"]}}}}


class Outbound(Family):
    """Relay and tally read the table's stream; deliver works off the queue that relay fills."""

    def __init__(self, scope: Construct, construct_id: str, context: FamilyContext) -> None:
        super().__init__(scope, construct_id, context)
        data = context.data
        relay = self.worker("relay")
        data.deliveries.send_from(relay)
        data.lake.use_in(relay)
        _read_stream(relay, context, CHANGED_DELIVERY, NEW_TIMELINE_ENTRY, NEW_SUBMISSION)

        tally = self.worker("tally")
        data.table.allow_register_changes(tally)
        _read_stream(tally, context, NEW_TIMELINE_ENTRY, NEW_SUBMISSION)

        deliver = self.worker("deliver")
        data.allow_decisions(deliver)
        data.links.use_in(deliver)
        context.api.use_address_in(deliver)
        deliver.allow_sending_mail()
        if data.mail_events is not None:
            data.mail_events.send_from(deliver)
        deliver.consume_queue(data.deliveries)
        self._watch_alerts()

    def _watch_alerts(self) -> None:
        """Alarm on alerts that a rep did not get; `deliver` and `engage` count them."""
        failed = cloudwatch.Metric(
            namespace="leadloop",
            metric_name="RepAlertsFailed",
            dimensions_map={"service": "leadloop"},
            period=FIVE_MINUTES,
            statistic="sum",
        )
        self._context.data.alarms.add_alarm(
            self,
            "RepAlertsFailed",
            metric=failed,
            notice=AlarmNotice(
                severity="ticket",
                consequence="A rep did not get the alert about a lead. The person waits until "
                "the lead is taken back and another rep is alerted.",
                first_step="Find AlertReturned or a failed delivery on the timelines of today's "
                "leads. Mend that rep's address in the playbook.",
            ),
        )


def _read_stream(
    function: LeadFunction, context: FamilyContext, *patterns: Mapping[str, Any]
) -> None:
    """Let `function` read the records that match one of the patterns.

    A record is tried ten times, or as long as `stream_patience`; then it goes to `unrelayed`.
    """
    function.add_event_source(
        sources.DynamoEventSource(
            context.data.table,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=100,
            filters=[_stream_filter(pattern) for pattern in patterns],
            report_batch_item_failures=True,
            bisect_batch_on_error=True,
            retry_attempts=10,
            max_record_age=context.deployment.stream_patience,
            on_failure=sources.SqsDlq(context.data.unrelayed),
        )
    )


def _stream_filter(pattern: Mapping[str, Any]) -> Mapping[str, Any]:
    return lambda_.FilterCriteria.filter(dict(pattern))
