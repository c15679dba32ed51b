"""The one table, and what a function may do with it."""

from typing import Literal

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.kit.rights import Grantee, allow
from leadloop.settings import CheckpointSettings, ConsentSettings, RegisterSettings, TableSettings

# What a function reads beside items by key: one lead's history, or also the two indexes.
Queries = Literal["none", "timelines", "lists"]

INDEXES = (  # name, partition key, sort key, projected attribute
    ("due", "due_shard", "due_at", "due_kind"),
    ("worklist", "worklist", "priority", "card"),
)
READ_AND_PUT = ("dynamodb:BatchGetItem", "dynamodb:PutItem")
DECIDE = (*READ_AND_PUT, "dynamodb:UpdateItem", "dynamodb:ConditionCheckItem")


class LeadTable(dynamodb.Table):
    """Leads, submissions and all about them; `claims` is the key of identity claims."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        claims: secretsmanager.ISecret,
        removal: RemovalPolicy,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            partition_key=_text_attribute("pk"),
            sort_key=_text_attribute("sk"),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            stream=dynamodb.StreamViewType.NEW_IMAGE,
            time_to_live_attribute="ttl",
            deletion_protection=removal is RemovalPolicy.RETAIN,
            removal_policy=removal,
        )
        self._claims = claims
        for name, partition_key, sort_key, projected in INDEXES:
            self.add_global_secondary_index(
                index_name=name,
                partition_key=_text_attribute(partition_key),
                sort_key=_text_attribute(sort_key),
                projection_type=dynamodb.ProjectionType.INCLUDE,
                non_key_attributes=[projected],
            )

    def allow_decisions(self, function: Grantee, *, queries: Queries = "none") -> None:
        """Let `function` read items by key, commit decisions, and make identity claims.

        `queries="timelines"` adds the history of a lead, page by page, and no list of leads.
        `"lists"` adds the indexes: what is due, and who works on what.

        Source: Amazon DynamoDB Developer Guide, "Using IAM with DynamoDB transactions": a
        transaction needs the right of each of its operations. Ours are puts, and updates of counts.
        """
        function.add_settings(
            TableSettings(LEAD_TABLE=self.table_name, CLAIMS_SECRET=self._claims.secret_arn)
        )
        allow(function, DECIDE, self.table_arn)
        self._claims.grant_read(function)
        if queries != "none":
            allow(function, ("dynamodb:Query",), self.table_arn)
        if queries == "lists":
            allow(function, ("dynamodb:Query",), f"{self.table_arn}/index/*")

    def allow_consent_changes(self, function: Grantee) -> None:
        """Let `function` put a person's consent items, and read nothing."""
        function.add_settings(ConsentSettings(LEAD_TABLE=self.table_name))
        self._allow_items(function, ("dynamodb:PutItem",), "CONSENT#*")

    def allow_register_changes(self, function: Grantee) -> None:
        """Let `function` read and put sheets of the register, and nothing else."""
        function.add_settings(RegisterSettings(LEAD_TABLE=self.table_name))
        self._allow_items(function, READ_AND_PUT, "REGISTER#*")

    def allow_checkpoint_changes(self, function: Grantee) -> None:
        """Let `function` read and put how far polling has come, and nothing else."""
        function.add_settings(CheckpointSettings(LEAD_TABLE=self.table_name))
        self._allow_items(function, READ_AND_PUT, "FEED#*")

    def _allow_items(self, function: Grantee, actions: tuple[str, ...], keys: str) -> None:
        """Only items whose partition key matches `keys`.

        Source: Amazon DynamoDB Developer Guide, "Using IAM policy conditions for fine-grained
        access control".
        """
        leading_keys = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": [keys]}}
        allow(function, actions, self.table_arn, leading_keys)


def _text_attribute(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
