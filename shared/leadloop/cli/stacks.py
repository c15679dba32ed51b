"""Where the deployed system is: what its stacks tell of themselves."""

import boto3

DATA, SERVICE = "LeadloopData", "LeadloopService"


def outputs(stack: str) -> dict[str, str]:
    """The stack's outputs by name, in the account and region of the shell."""
    (found,) = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", ())}
