"""What works off the queues: qualify (submissions), engage (signals)."""

from constructs import Construct

from infra.data_stack import RECEIVED, DataStack
from infra.deployments import Deployment
from infra.kit import rights
from infra.kit.function import LeadFunction
from infra.told import Told


class Workers(Construct):
    """Both read items by key, and commit."""

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
        qualify = LeadFunction(
            self,
            "qualify",
            deployment=deployment,
            alarms=data.alarms,
            settings=(told.table, told.playbook, told.raw, told.vendors),
            concurrency=deployment.worker_concurrency,
        )
        rights.may_work_leads(qualify, data.table)
        rights.may_read(qualify, data.playbooks, rights.PLAYBOOK)
        rights.may_read(qualify, data.raw, RECEIVED)
        rights.may_read(qualify, data.raw, rights.FED)
        rights.may_write(qualify, data.raw, rights.RAW)
        rights.may_read_secrets(qualify, data.vendor_secrets)
        data.claims.grant_read(qualify)
        qualify.works_off(data.submissions)

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
        engage.works_off(data.signals)
