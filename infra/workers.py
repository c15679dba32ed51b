"""What works off the queues: qualify (submissions), engage (signals)."""

from aws_cdk import aws_lambda_event_sources as sources
from constructs import Construct

from infra.data_stack import RECEIVED, DataStack
from infra.deployments import Deployment
from infra.kit import rights
from infra.kit.function import LeadFunction
from infra.told import Told


class Workers(Construct):
    """Ten at a time and two at once: more writers on the same pools only lose races."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        deployment: Deployment,
        data: DataStack,
        told: Told,
    ) -> None:
        super().__init__(scope, construct_id)
        common = {"batch_size": 10, "max_concurrency": 2}

        qualify = LeadFunction(
            self,
            "qualify",
            deployment=deployment,
            alarms=data.alarms,
            settings=(told.table, told.playbook, told.raw),
            concurrency=deployment.worker_concurrency,
        )
        rights.may_work_leads(qualify, data.table)
        rights.may_read(qualify, data.playbooks, rights.PLAYBOOK)
        rights.may_read(qualify, data.raw, RECEIVED)
        rights.may_write(qualify, data.raw, rights.RAW)
        data.claims.grant_read(qualify)
        qualify.add_event_source(
            sources.SqsEventSource(data.submissions, report_batch_item_failures=True, **common)
        )

        engage = LeadFunction(
            self,
            "engage",
            deployment=deployment,
            alarms=data.alarms,
            settings=(told.table, told.playbook, told.lake),
            concurrency=deployment.worker_concurrency,
        )
        rights.may_work_leads(engage, data.table)
        rights.may_read(engage, data.playbooks, rights.PLAYBOOK)
        rights.may_tell_the_lake(engage, data.lake)
        data.claims.grant_read(engage)
        engage.add_event_source(
            sources.SqsEventSource(data.signals, report_batch_item_failures=True, **common)
        )
