"""Applies settings that MiniStack's CloudFormation drops; every value is read from the template.

Faults of the emulator are worked around here and, from inside, in `ministack_patches`; never in the
product. Everything may be repeated: it runs after each deploy, since an update drops values again.
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
    """Apply expiry and point-in-time recovery of each table."""
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


def _restore_expiry(table: str, expiry: Mapping[str, Any], dynamodb: "DynamoDBClient") -> None:
    current = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    if expiry["Enabled"] != (current["TimeToLiveStatus"] == "ENABLED"):
        dynamodb.update_time_to_live(
            TableName=table,
            TimeToLiveSpecification={
                "Enabled": expiry["Enabled"],
                "AttributeName": expiry["AttributeName"],
            },
        )


def restore_function_settings(
    stack: Stack, *, addresses: Mapping[str, str], lambda_client: "LambdaClient"
) -> None:
    """Apply each function's concurrency, and this machine's addresses, by environment variable."""
    doors = {
        _referenced_id(p["FunctionName"])
        for _, p in resources_of_type(stack, "AWS::Lambda::Permission")
    }
    for logical, properties in resources_of_type(stack, "AWS::Lambda::Function"):
        name = stack.resources[logical]
        usual = DOOR_CONCURRENCY if logical in doors else WORKER_CONCURRENCY
        lambda_client.put_function_concurrency(
            FunctionName=name,
            ReservedConcurrentExecutions=properties.get("ReservedConcurrentExecutions", usual),
        )
        current = lambda_client.get_function_configuration(FunctionName=name)
        variables = current.get("Environment", {}).get("Variables", {})
        wanted = variables | {key: url for key, url in addresses.items() if key in variables}
        if variables != wanted:
            lambda_client.update_function_configuration(
                FunctionName=name, Environment={"Variables": wanted}
            )


def resources_of_type(stack: Stack, kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Logical id and properties in the template of each resource of a CloudFormation type."""
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
