"""Beside our door: one that does nothing but enqueue, as bare as a function behind HTTP can be."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import boto3

from infra.bundling.bundles import HOST, bundle
from infra.local.aws import ACCOUNT, KEY, REGION, Aws
from infra.local.deploy import unpack_bundle
from infra.local.lambda_boot import POINTER
from infra.local.ministack_gaps import DOOR_CONCURRENCY

NAME = "bare"
CODE = """
import os
from botocore.session import get_session
sqs = get_session().create_client("sqs")

def handler(event, context):
    sqs.send_message(QueueUrl=os.environ["QUEUE"], MessageBody=event["body"])
    print("taken")
    return {"statusCode": 202, "body": "{}"}
"""
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}


def deploy_bare_door(aws: Aws, home: Path) -> str:
    """Deploys it with the packages of our own door; the address it takes posts at."""
    queue = aws.sqs.create_queue(QueueName=NAME)["QueueUrl"]
    role = _role(aws)
    aws.functions.create_function(
        FunctionName=NAME,
        Runtime="python3.13",
        Handler=f"{NAME}.handler",
        Role=role,
        Code={"ZipFile": _code(home)},
        Timeout=20,
        MemorySize=1024,
        Environment={"Variables": {"QUEUE": queue}},
    )
    aws.functions.put_function_concurrency(
        FunctionName=NAME, ReservedConcurrentExecutions=DOOR_CONCURRENCY
    )
    return _address(aws)


def _code(home: Path) -> bytes:
    folder = unpack_bundle(bundle("capture", HOST), home / "bundles", NAME)
    (folder / f"{NAME}.py").write_text(CODE)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(POINTER, str(folder))
    return packed.getvalue()


def _role(aws: Aws) -> str:
    iam = boto3.client(
        "iam",
        endpoint_url=aws.endpoint,
        region_name=REGION,
        aws_access_key_id=KEY,
        aws_secret_access_key=KEY,
    )
    role = iam.create_role(RoleName=NAME, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    right = {
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "Resource": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{NAME}",
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [right]})
    iam.put_role_policy(RoleName=NAME, PolicyName=NAME, PolicyDocument=document)
    return role


def _address(aws: Aws) -> str:
    api = aws.apigateway.create_rest_api(name=NAME)["id"]
    root = aws.apigateway.get_resources(restApiId=api)["items"][0]["id"]
    place = aws.apigateway.create_resource(restApiId=api, parentId=root, pathPart=NAME)["id"]
    which: Any = {"restApiId": api, "resourceId": place, "httpMethod": "POST"}
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{NAME}"
    aws.apigateway.put_method(**which, authorizationType="NONE")
    aws.apigateway.put_integration(
        **which,
        type="AWS_PROXY",
        integrationHttpMethod="POST",
        uri=f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{arn}/invocations",
    )
    aws.apigateway.create_deployment(restApiId=api, stageName=NAME)
    aws.functions.add_permission(
        FunctionName=NAME,
        StatementId=NAME,
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
    )
    return f"{aws.endpoint}/_aws/execute-api/{api}/{NAME}/{NAME}"
