"""What may be deleted and deployed again: the functions, the API, the journey."""

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_apigateway as apigateway
from constructs import Construct

from infra.data_stack import DataStack
from infra.deployments import Deployment
from infra.doors import Doors
from infra.family import FamilyContext
from infra.feeds import Feeds
from infra.imports import Imports
from infra.journey import Journey
from infra.kit.api import LeadApi
from infra.outbound import Outbound
from infra.staff import People
from infra.upkeep import Upkeep
from infra.workers import Workers


class ServiceStack(Stack):
    """One construct a family; the construct ids stay, since CloudFormation's ids depend on them."""

    def __init__(
        self, scope: Construct, construct_id: str, *, deployment: Deployment, data: DataStack
    ) -> None:
        super().__init__(scope, construct_id)
        api = self.api = LeadApi(self, "Api", deployment=deployment)
        context = FamilyContext(deployment=deployment, data=data, api=api)

        doors = Doors(self, "Doors", context)
        Workers(self, "Workers", context)
        journey = Journey(self, "Journey", context)
        imports = Imports(self, "Imports", context)
        feeds = Feeds(self, "Feeds", context)
        Outbound(self, "Out", context)
        upkeep = Upkeep(self, "Keeping", context)
        people = People(self, "People", context, replays=upkeep.replays)
        upkeep.read_logs_of((*doors.logs, feeds.function.log_group, *people.logs))

        plan = api.add_usage_plan(
            "PartnerPlan",
            api_stages=[apigateway.UsagePlanPerApiStage(api=api, stage=api.deployment_stage)],
            throttle=apigateway.ThrottleSettings(
                rate_limit=deployment.partner_rate, burst_limit=deployment.partner_burst
            ),
        )
        for name, value in {
            "ApiId": api.rest_api_id,
            "ApiStage": api.deployment_stage.stage_name,
            "ApiUrl": api.address,
            "PartnerPlanId": plan.usage_plan_id,
            "JourneyArn": journey.machine.state_machine_arn,
            "ImportsArn": imports.machine.state_machine_arn,
            "FeedsFunctionName": feeds.function.function_name,
            "UpkeepFunctionName": upkeep.function.function_name,
        }.items():
            CfnOutput(self, name, value=value)
