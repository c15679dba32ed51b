"""What keeps the house: upkeep (gives each dead letter its end)."""

from constructs import Construct

from infra.data_stack import DataStack
from infra.deployments import Deployment
from infra.kit import rights
from infra.kit.function import LeadFunction
from infra.told import Told


class Keeping(Construct):
    """Reads every dead-letter queue there is."""

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
        upkeep = LeadFunction(
            self,
            "upkeep",
            deployment=deployment,
            alarms=data.alarms,
            settings=(told.table, told.playbook, told.raw),
            concurrency=deployment.worker_concurrency,
        )
        rights.may_work_leads(upkeep, data.table)
        rights.may_read(upkeep, data.playbooks, rights.PLAYBOOK)
        rights.may_write(upkeep, data.raw, rights.RAW)
        data.claims.grant_read(upkeep)
        for queue in data.dead:
            upkeep.works_off(queue)
