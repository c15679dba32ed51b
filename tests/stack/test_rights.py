"""Each function runs as its role, and the role may do what the function needs and no more."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.local.aws import KEY, REGION
from tests.stack.conftest import RunningSystem

LEAD = {"pk": {"S": "S#NOBODY"}, "sk": {"S": "S"}}


class Role:
    """Clients of a function's role, as the function itself has them."""

    def __init__(self, running: RunningSystem, function: str) -> None:
        self._endpoint = running.stack.endpoint
        pages = running.aws.functions.get_paginator("list_functions").paginate()
        functions = [each for page in pages for each in page["Functions"]]
        (arn,) = {f["Role"] for f in functions if function in f["FunctionName"].lower()}
        root: Any = {"aws_access_key_id": KEY, "aws_secret_access_key": KEY}
        sts = boto3.client("sts", endpoint_url=self._endpoint, region_name=REGION, **root)
        self._got = sts.assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]

    def client(self, service: str) -> Any:
        return boto3.client(
            service,  # type: ignore[call-overload]
            endpoint_url=self._endpoint,
            region_name=REGION,
            aws_access_key_id=self._got["AccessKeyId"],
            aws_secret_access_key=self._got["SecretAccessKey"],
            aws_session_token=self._got["SessionToken"],
        )


@pytest.fixture(scope="module")
def capture(running: RunningSystem) -> Role:
    return Role(running, "capture")


def test_a_public_door_may_read_the_playbook_and_take_nothing_off_a_queue(
    running: RunningSystem, capture: Role
) -> None:
    playbook = capture.client("s3").get_object(
        Bucket=running.stack.buckets["playbook"], Key="playbook/current.json"
    )
    assert playbook["Body"].read()
    queue = running.stack.queues["submissions"]
    assert refused(lambda: capture.client("sqs").receive_message(QueueUrl=queue))


def test_a_public_door_may_not_read_leads(running: RunningSystem, capture: Role) -> None:
    table = running.stack.table
    leads = capture.client("dynamodb")
    assert refused(lambda: leads.get_item(TableName=table, Key=LEAD))
    assert refused(lambda: leads.scan(TableName=table))
    raw = running.stack.buckets["raw"]
    assert refused(lambda: capture.client("s3").get_object(Bucket=raw, Key="raw/x"))


def test_a_public_door_may_write_a_stop_and_no_lead(running: RunningSystem, capture: Role) -> None:
    table, leads = running.stack.table, capture.client("dynamodb")
    lead = LEAD | {"version": {"N": "1"}}
    assert refused(lambda: leads.put_item(TableName=table, Item=lead))
    stop = {"pk": {"S": "CONSENT#probe"}, "sk": {"S": "marketing"}}
    assert not refused(lambda: leads.put_item(TableName=table, Item=stop))
    running.aws.dynamodb.delete_item(TableName=table, Key=stop)


def test_only_deliver_may_send_mail(running: RunningSystem) -> None:
    mail = {
        "Source": "hello@acme-flow.example",
        "Destinations": ["a@b.example"],
        "RawMessage": {"Data": b"Subject: x\r\n\r\n"},
    }
    for function in ("capture", "qualify", "engage", "relay", "admin"):
        ses = Role(running, function).client("ses")
        assert refused(lambda ses=ses: ses.send_raw_email(**mail)), function


def refused(call: Any) -> bool:
    """Was it refused for want of a right? Any other error is raised."""
    try:
        call()
    except ClientError as error:
        if "AccessDenied" in error.response["Error"]["Code"]:
            return True
        raise
    return False
