"""What leaves: relay (the table's stream → deliveries and lake), deliver (the one mouth).

And what the stream's other reader keeps of it: tally (the register).
"""

from collections.abc import Mapping
from typing import Any

from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from constructs import Construct

from infra.data_stack import DataStack
from infra.deployments import Deployment
from infra.kit import rights
from infra.kit.function import LeadFunction
from infra.told import Told
from leadloop.settings import PublicSettings

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


class Out(Construct):
    """`public` is the address that links in mails begin with."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        deployment: Deployment,
        data: DataStack,
        told: Told,
        public: PublicSettings,
    ) -> None:
        super().__init__(scope, construct_id)

        relay = LeadFunction(
            self,
            "relay",
            deployment=deployment,
            alarms=data.alarms,
            settings=(told.deliveries, told.lake),
            concurrency=deployment.worker_concurrency,
        )
        data.deliveries.grant_send_messages(relay)
        rights.may_tell_the_lake(relay, data.lake)
        _reads(relay, data, deployment, READY_DELIVERY, NEW_TIMELINE_ENTRY, NEW_SUBMISSION)

        tally = LeadFunction(
            self,
            "tally",
            deployment=deployment,
            alarms=data.alarms,
            settings=(told.register,),
            concurrency=deployment.worker_concurrency,
        )
        rights.may_keep_register(tally, data.table)
        _reads(tally, data, deployment, NEW_SUBMISSION)

        deliver = LeadFunction(
            self,
            "deliver",
            deployment=deployment,
            alarms=data.alarms,
            settings=(told.table, told.playbook, told.links, public),
            concurrency=deployment.worker_concurrency,
        )
        rights.may_work_leads(deliver, data.table)
        rights.may_read(deliver, data.playbooks, rights.PLAYBOOK)
        rights.may_send_mail(deliver)
        data.claims.grant_read(deliver)
        data.links.grant_read(deliver)
        deliver.works_off(data.deliveries)


def _reads(
    function: LeadFunction, data: DataStack, deployment: Deployment, *patterns: Mapping[str, Any]
) -> None:
    """Let `function` see these records of the table's stream; who cannot be read is parked."""
    function.add_event_source(
        sources.DynamoEventSource(
            data.table,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=100,
            filters=[_pattern(pattern) for pattern in patterns],
            report_batch_item_failures=True,
            bisect_batch_on_error=True,
            retry_attempts=10,
            max_record_age=deployment.stream_patience,
            on_failure=sources.SqsDlq(data.unrelayed),
        )
    )


def _pattern(pattern: Mapping[str, Any]) -> Mapping[str, Any]:
    return lambda_.FilterCriteria.filter(dict(pattern))
