"""Families: functions and flows of one subject, built as the deployment wants them."""

from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.data_stack import DataStack
from infra.deployments import Deployment
from infra.kit.alarms import AlarmNotice
from infra.kit.api import LeadApi
from infra.kit.flow import Flow
from infra.kit.function import WORKER_TIMEOUT, Door, LeadFunction


@dataclass(frozen=True, kw_only=True)
class FamilyContext:
    """What every family is built with: where the system runs, its data, and its API."""

    deployment: Deployment
    data: DataStack
    api: LeadApi


class Family(Construct):
    """Builds its functions and flows, and names the resources that each of them uses.

    A new function can do nothing. Each resource adds a variable and its right in one call, such as
    `data.links.use_in(capture)`.
    """

    def __init__(self, scope: Construct, construct_id: str, context: FamilyContext) -> None:
        super().__init__(scope, construct_id)
        self._context = context

    def door(self, name: str) -> Door:
        """A function behind HTTP, from the folder `functions/<name>`."""
        return Door(
            self,
            name,
            deployment=self._context.deployment,
            alarms=self._context.data.alarms,
        )

    def worker(
        self,
        name: str,
        *,
        timeout: Duration = WORKER_TIMEOUT,
        at_once: int | None = None,
    ) -> LeadFunction:
        """A function that no caller waits for, from the folder `functions/<name>`.

        At most `at_once` runs go on at the same time; None: as many as the deployment allows.
        """
        return LeadFunction(
            self,
            name,
            deployment=self._context.deployment,
            alarms=self._context.data.alarms,
            timeout=timeout,
            concurrency=at_once or self._context.deployment.worker_concurrency,
        )

    def flow(
        self, construct_id: str, start: sfn.IChainable, *, prefix: str, notice: AlarmNotice
    ) -> Flow:
        """A state machine whose maps read pages below `prefix`; a failed run raises `notice`."""
        return Flow(
            self,
            construct_id,
            deployment=self._context.deployment,
            alarms=self._context.data.alarms,
            start=start,
            pages=self._context.data.pages,
            prefix=prefix,
            notice=notice,
        )
