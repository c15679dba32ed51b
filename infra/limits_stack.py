"""Limits of posts per IP address and per form, checked by AWS WAF before any function runs.

The address is that of the connection, so a forged `X-Forwarded-For` changes nothing. On AWS only:
the emulated AWS of the laptop run has no firewall.

Source: AWS WAF Developer Guide, "Using rate-based rule statements in AWS WAF".
"""

from aws_cdk import Aws, Stack
from aws_cdk import aws_wafv2 as waf
from constructs import Construct

from infra.deployments import FormLimits
from infra.kit.api import LeadApi

WINDOW = 300  # seconds over which AWS WAF counts
FORMS = "/f/"
NO_TRANSFORMATIONS = [waf.CfnWebACL.TextTransformationProperty(priority=0, type="NONE")]


class LimitsStack(Stack):
    """A web ACL before the API's stage; it checks posts of forms and nothing else."""

    def __init__(
        self, scope: Construct, construct_id: str, *, api: LeadApi, limits: FormLimits
    ) -> None:
        super().__init__(scope, construct_id)
        by_form = waf.CfnWebACL.RateBasedStatementCustomKeyProperty(
            uri_path=waf.CfnWebACL.RateLimitUriPathProperty(text_transformations=NO_TRANSFORMATIONS)
        )
        acl = waf.CfnWebACL(
            self,
            "FormLimits",
            scope="REGIONAL",
            default_action=waf.CfnWebACL.DefaultActionProperty(allow={}),
            visibility_config=_visibility_config("FormLimits"),
            rules=[
                _rule(0, "PostsOfOneAddress", limits.of_one_address, aggregate_key_type="IP"),
                _rule(
                    1,
                    "PostsOfOneForm",
                    limits.of_one_form,
                    aggregate_key_type="CUSTOM_KEYS",
                    custom_keys=[by_form],
                ),
            ],
        )
        stage = api.deployment_stage.stage_name
        waf.CfnWebACLAssociation(
            self,
            "BeforeTheApi",
            web_acl_arn=acl.attr_arn,
            resource_arn=f"arn:{Aws.PARTITION}:apigateway:{Aws.REGION}::"
            f"/restapis/{api.rest_api_id}/stages/{stage}",
        )


def _rule(priority: int, name: str, limit: int, **aggregation: object) -> object:
    return waf.CfnWebACL.RuleProperty(
        name=name,
        priority=priority,
        visibility_config=_visibility_config(name),
        # The gateway answers (`WAF_FILTERED`): a body of WAF's own cannot be problem+json.
        action=waf.CfnWebACL.RuleActionProperty(block={}),
        statement=waf.CfnWebACL.StatementProperty(
            rate_based_statement=waf.CfnWebACL.RateBasedStatementProperty(
                limit=limit,
                evaluation_window_sec=WINDOW,
                scope_down_statement=_posts_of_forms(),
                **aggregation,
            )
        ),
    )


def _posts_of_forms() -> object:
    return waf.CfnWebACL.StatementProperty(
        and_statement=waf.CfnWebACL.AndStatementProperty(
            statements=[
                _byte_match(waf.CfnWebACL.FieldToMatchProperty(method={}), "POST", "EXACTLY"),
                _byte_match(waf.CfnWebACL.FieldToMatchProperty(uri_path={}), FORMS, "CONTAINS"),
            ]
        )
    )


def _byte_match(field: object, text: str, constraint: str) -> object:
    return waf.CfnWebACL.StatementProperty(
        byte_match_statement=waf.CfnWebACL.ByteMatchStatementProperty(
            field_to_match=field,
            search_string=text,
            positional_constraint=constraint,
            text_transformations=NO_TRANSFORMATIONS,
        )
    )


def _visibility_config(name: str) -> object:
    return waf.CfnWebACL.VisibilityConfigProperty(
        metric_name=name, cloud_watch_metrics_enabled=True, sampled_requests_enabled=False
    )
