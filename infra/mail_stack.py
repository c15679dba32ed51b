"""Received mail on AWS: SES puts each mail below `in/` of the raw bucket.

On a laptop another program does the same, since the emulated AWS receives no mail.

Source: Amazon SES Developer Guide, "Deliver to S3 bucket action".
"""

from aws_cdk import Aws, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ses as ses
from constructs import Construct

from infra.data_stack import RECEIVED_MAIL_PREFIX, DataStack


class MailStack(Stack):
    """The domain, the right of SES to write, and a rule set.

    An operator makes the rule set the active one: an account has only one.
    """

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
