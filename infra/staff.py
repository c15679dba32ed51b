"""Where people work: admin (bearer token, and a rep's signed links)."""

from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.data_stack import RECEIVED
from infra.family import Family, Ground, may_act
from infra.imports import may_confirm
from infra.kit import rights
from infra.upkeep import REPLAYS, REPORTS, STATEMENTS
from leadloop.settings import ReplayFlowSettings


class People(Family):
    """`/admin/v1` needs a token of the user pool; `/a` carries its proof in the link."""

    def __init__(
        self, scope: Construct, construct_id: str, ground: Ground, *, replays: sfn.IStateMachine
    ) -> None:
        super().__init__(scope, construct_id, ground)
        data, told, api = ground.data, ground.told, ground.api

        admin = self.door(
            "admin",
            told.table,
            told.playbook,
            told.raw,
            told.links,
            told.public,
            told.journey,
            told.replays,
            told.vendors,
            ReplayFlowSettings(REPLAY_FLOW=replays.state_machine_arn),
        )
        may_act(admin, data)
        replays.grant_start_execution(admin)
        rights.may_read(admin, data.pages, REPLAYS)
        rights.may_read(admin, data.pages, REPORTS)
        rights.may_write(admin, data.pages, REPLAYS)
        rights.may_write(admin, data.pages, STATEMENTS)
        may_confirm(admin, data)
        rights.may_list(admin, data.table)
        rights.may_read(admin, data.raw, RECEIVED)
        rights.may_read(admin, data.raw, rights.FED)
        rights.may_read(admin, data.raw, rights.RAW)
        rights.may_write(admin, data.raw, rights.RAW)
        rights.may_write(admin, data.playbooks, rights.PLAYBOOK)
        rights.may_read_secrets(admin, data.vendor_secrets)
        data.links.grant_read(admin)

        authorizer = apigateway.CognitoUserPoolsAuthorizer(
            self, "Token", cognito_user_pools=[data.people]
        )
        api.route("/admin/v1/{proxy+}", admin, authorizer=authorizer)
        api.route("/a/{proxy+}", admin)
        self.logs = [admin.log_group]
        api.may_call(admin)
