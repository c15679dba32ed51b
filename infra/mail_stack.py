"""Received mail on AWS: SES puts each one below `in/` of the raw bucket.

On a laptop another program does the same, since the embedded AWS receives no mail.
"""

from aws_cdk import Aws, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ses as ses
from constructs import Construct

from infra.data_stack import RECEIVED_MAIL_PREFIX, DataStack


class MailStack(Stack):
    """The rule set must be made the active one by hand: an account has only one of these."""

    def __init__(
        self, scope: Construct, construct_id: str, *, data: DataStack, mail_domain: str
    ) -> None:
        super().__init__(scope, construct_id)
        ses.EmailIdentity(self, "Domain", identity=ses.Identity.domain(mail_domain))
        data.raw.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("ses.amazonaws.com")],
                actions=["s3:PutObject"],
                resources=[data.raw.arn_for_objects(f"{RECEIVED_MAIL_PREFIX}*")],
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            )
        )
        rules = ses.CfnReceiptRuleSet(self, "Rules")
        ses.CfnReceiptRule(
            self,
            "Keep",
            rule_set_name=rules.ref,
            rule=ses.CfnReceiptRule.RuleProperty(
                enabled=True,
                scan_enabled=True,
                tls_policy="Optional",
                recipients=[mail_domain],
                actions=[
                    ses.CfnReceiptRule.ActionProperty(
                        s3_action=ses.CfnReceiptRule.S3ActionProperty(
                            bucket_name=data.raw.bucket_name, object_key_prefix=RECEIVED_MAIL_PREFIX
                        )
                    )
                ],
            ),
        )
