"""Functions of one subject, and what all of them stand on."""

from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.data_stack import DataStack
from infra.deployments import Deployment
from infra.environment import Environment
from infra.kit import rights
from infra.kit.api import LeadApi
from infra.kit.flow import Flow
from infra.kit.function import WORKER_TIMEOUT, Door, LeadFunction
from leadloop.settings import Settings


@dataclass(frozen=True, kw_only=True)
class FamilyContext:
    """Where the system runs, what it keeps, what functions are told of that, and their API."""

    deployment: Deployment
    data: DataStack
    told: Environment
    api: LeadApi


class Family(Construct):
    """Makes its functions and flows as the deployment wants them; what they may, each family says.

    After the name come the settings, which are all that a function is told.
    """

    def __init__(self, scope: Construct, construct_id: str, ground: FamilyContext) -> None:
        super().__init__(scope, construct_id)
        self._ground = ground

    def door(self, name: str, *settings: Settings) -> Door:
        return Door(
            self,
            name,
            deployment=self._ground.deployment,
            alarms=self._ground.data.alarms,
            settings=settings,
        )

    def worker(
        self,
        name: str,
        *settings: Settings,
        timeout: Duration = WORKER_TIMEOUT,
        at_once: int | None = None,
    ) -> LeadFunction:
        """`at_once`: at most so many runs of it, and not as many as the deployment lets workers."""
        return LeadFunction(
            self,
            name,
            deployment=self._ground.deployment,
            alarms=self._ground.data.alarms,
            settings=settings,
            timeout=timeout,
            concurrency=at_once or self._ground.deployment.worker_concurrency,
        )

    def flow(self, construct_id: str, start: sfn.IChainable, *, prefix: str, what: str) -> Flow:
        """Its maps read pages below `prefix`; a failed run alarms with `what`."""
        return Flow(
            self,
            construct_id,
            deployment=self._ground.deployment,
            alarms=self._ground.data.alarms,
            start=start,
            pages=self._ground.data.pages,
            prefix=prefix,
            what=what,
        )


def grant_lead_decisions(function: iam.IGrantable, data: DataStack) -> None:
    """Decide about leads, and commit: the table, the live playbook, the key of identity claims."""
    rights.grant_lead_write(function, data.table)
    rights.grant_object_read(function, data.playbooks, rights.PLAYBOOK_PREFIX)
    data.claims.grant_read(function)
