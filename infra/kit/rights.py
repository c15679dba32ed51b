"""The rights that a composer grants, by what they are for."""

from aws_cdk import Aws
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesisfirehose as firehose
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3

PLAYBOOK_PREFIX = "playbook/"
ASSETS_PREFIX = "assets/"
RAW_PREFIX = "raw/"
FEED_PREFIX = "fed/"  # documents and files that were polled, as they came


def grant_lead_write(function: iam.IGrantable, table: dynamodb.ITable) -> None:
    """Read items by key and commit decisions.

    A transaction has no right of its own, it needs that of each operation: all of ours are puts.
    """
    _allow(function, ("dynamodb:BatchGetItem", "dynamodb:PutItem"), table.table_arn)


def grant_timeline_read(function: iam.IGrantable, table: dynamodb.ITable) -> None:
    """Read what happened to a lead, page by page; no index, so no lists of leads."""
    _allow(function, ("dynamodb:Query",), table.table_arn)


def grant_list_read(function: iam.IGrantable, table: dynamodb.ITable) -> None:
    """Read timelines, and the indexes: what is due, who works on what."""
    grant_timeline_read(function, table)
    _allow(function, ("dynamodb:Query",), f"{table.table_arn}/index/*")


def grant_consent_write(function: iam.IGrantable, table: dynamodb.ITable) -> None:
    """Put a person's consent item, and nothing else of the table."""
    _allow_items(function, ("dynamodb:PutItem",), table, "CONSENT#*")


def grant_register_update(function: iam.IGrantable, table: dynamodb.ITable) -> None:
    """Read and put sheets of the register, and nothing else of the table."""
    _allow_items(function, ("dynamodb:BatchGetItem", "dynamodb:PutItem"), table, "REGISTER#*")


def grant_checkpoint_update(function: iam.IGrantable, table: dynamodb.ITable) -> None:
    """Read and put how far polling has come, and nothing else of the table."""
    _allow_items(function, ("dynamodb:BatchGetItem", "dynamodb:PutItem"), table, "FEED#*")


def grant_object_read(function: iam.IGrantable, bucket: s3.IBucket, prefix: str) -> None:
    """Get objects below a prefix, and be told when one is not there (404, not 403)."""
    _allow(function, ("s3:GetObject", "s3:GetObjectVersion"), bucket.arn_for_objects(f"{prefix}*"))
    function.grant_principal.add_to_principal_policy(
        iam.PolicyStatement(
            actions=["s3:ListBucket"],
            resources=[bucket.bucket_arn],
            conditions={"StringLike": {"s3:prefix": f"{prefix}*"}},
        )
    )


def grant_object_write(function: iam.IGrantable, bucket: s3.IBucket, prefix: str) -> None:
    """Put objects below a prefix."""
    _allow(function, ("s3:PutObject",), bucket.arn_for_objects(f"{prefix}*"))


def grant_secret_read(function: iam.IGrantable, prefix: str) -> None:
    """Read the secrets whose names begin so; which there are, the playbook and operators say."""
    scope = f"arn:{Aws.PARTITION}:secretsmanager:{Aws.REGION}:{Aws.ACCOUNT_ID}"
    _allow(function, ("secretsmanager:GetSecretValue",), f"{scope}:secret:{prefix}*")


def grant_log_read(function: iam.IGrantable, log: logs.ILogGroup) -> None:
    """Read what a function said; a group is named with its streams and without, by who asks."""
    scope = f"arn:{Aws.PARTITION}:logs:{Aws.REGION}:{Aws.ACCOUNT_ID}:log-group"
    for place in (log.log_group_arn, f"{scope}:{log.log_group_name}"):
        _allow(function, ("logs:FilterLogEvents",), place)


def grant_lake_write(function: iam.IGrantable, lake: firehose.CfnDeliveryStream) -> None:
    """Hand events to the lake."""
    _allow(function, ("firehose:PutRecordBatch",), lake.attr_arn)


def grant_mail_send(function: iam.IGrantable) -> None:
    """Send as any identity of this account; which one a mail is from, the playbook says."""
    scope = f"arn:{Aws.PARTITION}:ses:{Aws.REGION}:{Aws.ACCOUNT_ID}"
    _allow(function, ("ses:SendRawEmail",), f"{scope}:identity/*")


def _allow(function: iam.IGrantable, actions: tuple[str, ...], resource: str) -> None:
    function.grant_principal.add_to_principal_policy(
        iam.PolicyStatement(actions=list(actions), resources=[resource])
    )


def _allow_items(
    function: iam.IGrantable, actions: tuple[str, ...], table: dynamodb.ITable, keys: str
) -> None:
    function.grant_principal.add_to_principal_policy(
        iam.PolicyStatement(
            actions=list(actions),
            resources=[table.table_arn],
            conditions={"ForAllValues:StringLike": {"dynamodb:LeadingKeys": [keys]}},
        )
    )
