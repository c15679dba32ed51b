"""Re-applies what MiniStack's CloudFormation drops; every wanted value is read from the template.

What the emulator gets wrong is worked around here (and, from inside, in `quirks`), never in the
product. All of it may be repeated: it runs after each deploy, since an update drops values again.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from infra.local.deploy import Stack

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_lambda import LambdaClient

DOOR_CONCURRENCY = 8  # this machine has few cores: more workers only take memory
WORKER_CONCURRENCY = 2
TABLES = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")


def restore_table_settings(stack: Stack, dynamodb: "DynamoDBClient") -> None:
    """Expiry and point-in-time recovery."""
    for kind in TABLES:
        for logical, properties in resources_of_type(stack, kind):
            name = stack.resources[logical]
            if expiry := properties.get("TimeToLiveSpecification"):
                _restore_expiry(name, expiry, dynamodb)
            for part in (properties, *properties.get("Replicas", ())):
                if recovery := part.get("PointInTimeRecoverySpecification"):
                    dynamodb.update_continuous_backups(
                        TableName=name, PointInTimeRecoverySpecification=recovery
                    )


def _restore_expiry(table: str, wanted: Mapping[str, Any], dynamodb: "DynamoDBClient") -> None:
    now = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    if wanted["Enabled"] != (now["TimeToLiveStatus"] == "ENABLED"):
        dynamodb.update_time_to_live(
            TableName=table,
            TimeToLiveSpecification={
                "Enabled": wanted["Enabled"],
                "AttributeName": wanted["AttributeName"],
            },
        )


def restore_function_settings(
    stack: Stack, *, addresses: Mapping[str, str], functions: "LambdaClient"
) -> None:
    """Concurrency, and the addresses of this machine, by the variable that tells each."""
    doors = {
        _referenced_id(p["FunctionName"])
        for _, p in resources_of_type(stack, "AWS::Lambda::Permission")
    }
    for logical, properties in resources_of_type(stack, "AWS::Lambda::Function"):
        name = stack.resources[logical]
        usual = DOOR_CONCURRENCY if logical in doors else WORKER_CONCURRENCY
        functions.put_function_concurrency(
            FunctionName=name,
            ReservedConcurrentExecutions=properties.get("ReservedConcurrentExecutions", usual),
        )
        now = functions.get_function_configuration(FunctionName=name)
        variables = now.get("Environment", {}).get("Variables", {})
        ours = {name: each for name, each in addresses.items() if name in variables}
        if variables != {**variables, **ours}:
            functions.update_function_configuration(
                FunctionName=name, Environment={"Variables": {**variables, **ours}}
            )


def resources_of_type(stack: Stack, kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Logical id and properties, as the template has them, of each resource of this kind."""
    for logical, resource in stack.template["Resources"].items():
        if resource["Type"] == kind:
            yield logical, resource.get("Properties", {})


def _referenced_id(value: object) -> str:
    """The logical id behind `Ref` or `Fn::GetAtt`, or the text itself."""
    match value:
        case {"Ref": str(logical)} | {"Fn::GetAtt": [str(logical), *_]}:
            return logical
        case _:
            return str(value)
