"""The whole system as CDK stacks.

`python -m infra.app [laptop|dev|prod]`, or `cdk deploy --all -c deployment=prod`. Synthesis knows
no account and no region.
"""

import sys

import aws_cdk as cdk

from infra.bundling.bundles import DEPLOY
from infra.data_stack import DataStack
from infra.deployments import DEPLOYMENTS, Deployment
from infra.limits_stack import LimitsStack
from infra.mail_stack import MailStack
from infra.service_stack import ServiceStack

FLAGS = {
    "@aws-cdk/aws-iam:minimizePolicies": True,
    "@aws-cdk/core:checkSecretUsage": True,
    "@aws-cdk/core:target-partitions": ["aws"],
}


def build_stacks(app: cdk.App, deployment: Deployment) -> tuple[cdk.Stack, ...]:
    """All stacks of a deployment; without `form_limits` or `mail_domain`, none for these two."""
    data = DataStack(app, "LeadloopData", deployment=deployment)
    service = ServiceStack(app, "LeadloopService", deployment=deployment, data=data)
    stacks: list[cdk.Stack] = [data, service]
    if deployment.form_limits is not None:
        limits = deployment.form_limits
        stacks.append(LimitsStack(app, "LeadloopLimits", api=service.api, limits=limits))
    if deployment.mail_domain is not None:
        domain = deployment.mail_domain
        stacks.append(MailStack(app, "LeadloopMail", data=data, mail_domain=domain))
    return tuple(stacks)


def main() -> None:
    """Synthesise one deployment: the first argument's, else the CDK context's, else `dev`."""
    app = cdk.App(context=FLAGS, builtin_cloud_formation_validation=False)
    name = sys.argv[1] if len(sys.argv) > 1 else app.node.try_get_context("deployment")
    deployment = DEPLOYMENTS[name or "dev"]
    uncompiled = deployment.target is DEPLOY and DEPLOY.python() is None
    if uncompiled and not app.node.try_get_context("no_pyc"):
        message = (
            f"no python{DEPLOY.version} on the path: Lambda would compile everything at each cold "
            "start. Install one, or pass -c no_pyc=1"
        )
        raise SystemExit(message)
    build_stacks(app, deployment)
    app.synth()


if __name__ == "__main__":
    main()
