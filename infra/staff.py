"""Where staff work: admin (bearer token, and a rep's signed links)."""

from aws_cdk import aws_apigateway as apigateway
from constructs import Construct

from infra.data_stack import (
    ASSETS_PREFIX,
    FEED_PREFIX,
    PLAYBOOK_PREFIX,
    RAW_PREFIX,
    RECEIVED_MAIL_PREFIX,
)
from infra.family import Family, FamilyContext
from infra.imports import allow_import_confirmation
from infra.kit.flow import Flow
from infra.upkeep import REPLAY_PREFIX, REPORT_PREFIX, STATEMENT_PREFIX
from leadloop.settings import ReplayFlowSettings


class People(Family):
    """`/admin/v1` needs a token of the user pool; the links below `/a` are signed."""

    def __init__(
        self, scope: Construct, construct_id: str, context: FamilyContext, *, replays: Flow
    ) -> None:
        super().__init__(scope, construct_id, context)
        data, api = context.data, context.api
        admin = self.door("admin")
        data.allow_decisions(admin, queries="lists")
        data.raw.use_in(
            admin, read=(RECEIVED_MAIL_PREFIX, FEED_PREFIX, RAW_PREFIX), write=(RAW_PREFIX,)
        )
        data.pages.use_in(
            admin, read=(REPLAY_PREFIX, REPORT_PREFIX), write=(REPLAY_PREFIX, STATEMENT_PREFIX)
        )
        data.playbooks.use_in(admin, read=(ASSETS_PREFIX,), write=(PLAYBOOK_PREFIX,))
        data.links.use_in(admin)
        data.vendors.use_in(admin)
        replays.start_from(admin, ReplayFlowSettings(REPLAY_FLOW=replays.state_machine_arn))
        allow_import_confirmation(admin, data)

        authorizer = apigateway.CognitoUserPoolsAuthorizer(
            self, "Token", cognito_user_pools=[data.people]
        )
        api.use_address_in(admin)
        api.route("/admin/v1/{proxy+}", admin, authorizer=authorizer)
        api.route("/a/{proxy+}", admin)
        self.logs = [admin.log_group]
