"""Where people work: admin (bearer token, and a rep's signed links)."""

from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.data_stack import RECEIVED_MAIL_PREFIX
from infra.family import Family, FamilyContext, grant_lead_decisions
from infra.imports import grant_import_confirm
from infra.kit import rights
from infra.upkeep import REPLAYS, REPORTS, STATEMENTS
from leadloop.settings import ReplayFlowSettings


class People(Family):
    """`/admin/v1` needs a token of the user pool; `/a` carries its proof in the link."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        ground: FamilyContext,
        *,
        replays: sfn.IStateMachine,
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
        grant_lead_decisions(admin, data)
        replays.grant_start_execution(admin)
        rights.grant_object_read(admin, data.pages, REPLAYS)
        rights.grant_object_read(admin, data.pages, REPORTS)
        rights.grant_object_write(admin, data.pages, REPLAYS)
        rights.grant_object_write(admin, data.pages, STATEMENTS)
        grant_import_confirm(admin, data)
        rights.grant_list_read(admin, data.table)
        rights.grant_object_read(admin, data.raw, RECEIVED_MAIL_PREFIX)
        rights.grant_object_read(admin, data.raw, rights.FEED_PREFIX)
        rights.grant_object_read(admin, data.raw, rights.RAW_PREFIX)
        rights.grant_object_write(admin, data.raw, rights.RAW_PREFIX)
        rights.grant_object_write(admin, data.playbooks, rights.PLAYBOOK_PREFIX)
        rights.grant_secret_read(admin, data.vendor_secrets)
        data.links.grant_read(admin)

        authorizer = apigateway.CognitoUserPoolsAuthorizer(
            self, "Token", cognito_user_pools=[data.people]
        )
        api.route("/admin/v1/{proxy+}", admin, authorizer=authorizer)
        api.route("/a/{proxy+}", admin)
        self.logs = [admin.log_group]
        api.grant_invoke(admin)
