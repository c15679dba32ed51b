"""A toy assembly in the shape CDK synthesises, and the embedded AWS, one for all tests here."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from infra.local.aws import Aws
from infra.local.ministack import MiniStack
from infra.local.ports import Ports

HANDLER = """
import json, os, sys

def handler(event, context):
    if "fail" in event:
        raise RuntimeError(event["fail"])
    try:
        import boto3
        found = boto3.__file__
    except ImportError:
        found = None
    return {"event": event, "public_url": os.environ["PUBLIC_URL"], "boto3": found}
"""
BUCKET = "cdk-toy-assets-${AWS::AccountId}-${AWS::Region}"


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MiniStack]:
    with MiniStack(
        tmp_path_factory.mktemp("aws"), ports=Ports.pick_free(), enforce_iam=True
    ) as running:
        yield running


@pytest.fixture(scope="session")
def aws(emulator: MiniStack) -> Aws:
    return Aws(emulator.endpoint)


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """One stack: a table that expires, a secret, a function that is a door and may read both."""
    bundle = tmp_path / "asset.greet"
    bundle.mkdir()
    bundle.joinpath("greet.py").write_text(HANDLER)
    return write_assembly(tmp_path, f"Toy{uuid4().hex[:8]}", toy_resources())


def write_assembly(folder: Path, name: str, resources: dict[str, Any]) -> Path:
    outputs = {logical: {"Value": {"Ref": logical}} for logical in resources}
    destination = {"bucketName": BUCKET}
    manifest = {
        f"{name}.assets": {
            "type": "cdk:asset-manifest",
            "properties": {"file": f"{name}.assets.json"},
        },
        name: {
            "type": "aws:cloudformation:stack",
            "properties": {
                "templateFile": f"{name}.template.json",
                "stackTemplateAssetObjectUrl": f"s3://{BUCKET}/{name}.json",
            },
            "dependencies": [f"{name}.assets"],
            "displayName": name,
        },
    }
    files = {
        "bundle": {
            "source": {"path": "asset.greet", "packaging": "zip"},
            "destinations": {"here": {**destination, "objectKey": "greet.zip"}},
        },
        "template": {
            "source": {"path": f"{name}.template.json", "packaging": "file"},
            "destinations": {"here": {**destination, "objectKey": f"{name}.json"}},
        },
    }
    template = {"Resources": resources, "Outputs": outputs}
    folder.joinpath("manifest.json").write_text(json.dumps({"artifacts": manifest}))
    folder.joinpath(f"{name}.assets.json").write_text(json.dumps({"files": files}))
    folder.joinpath(f"{name}.template.json").write_text(json.dumps(template))
    return folder


def toy_resources() -> dict[str, Any]:
    trust = {
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ]
    }
    return {
        "Table": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
                "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
                "BillingMode": "PAY_PER_REQUEST",
                "TimeToLiveSpecification": {"AttributeName": "ttl", "Enabled": True},
                "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
            },
        },
        "Secret": {
            "Type": "AWS::SecretsManager::Secret",
            "Properties": {"GenerateSecretString": {}},
        },
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}},
        "Greet": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Code": {"S3Bucket": {"Fn::Sub": BUCKET}, "S3Key": "greet.zip"},
                "Handler": "greet.handler",
                "Runtime": "python3.13",
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "Environment": {"Variables": {"PUBLIC_URL": "https://api.example.com"}},
            },
        },
        "Open": {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "Action": "lambda:InvokeFunction",
                "FunctionName": {"Fn::GetAtt": ["Greet", "Arn"]},
                "Principal": "apigateway.amazonaws.com",
            },
        },
    }
