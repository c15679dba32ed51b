import base64
import io
import os
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import urllib3

from infra.kit.api import refusal_template
from infra.local.aws import Aws
from infra.local.ministack import ROOT, EmulatorFailed, MiniStack
from infra.local.ports import HOST, PortInUse, Ports

READER = """
def handler(event, context):
    for record in event["Records"]:
        print("read:", record["dynamodb"]["Keys"]["pk"]["S"])
"""
HOLD = """
import sys
from pathlib import Path
from infra.local.ministack import MiniStack
from infra.local.ports import Ports

with MiniStack(Path(sys.argv[1]), ports=Ports.pick_free()) as running:
    print(running.pid, flush=True)
    sys.stdin.read()
"""


def test_a_taken_port_is_named_with_the_process_that_holds_it(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortInUse, match=rf"port {port} is taken by process {os.getpid()} \("):
            MiniStack(tmp_path, ports=Ports(gateway=port)).start()


def test_stop_ends_the_whole_process_group(tmp_path: Path) -> None:
    emulator = MiniStack(tmp_path, ports=Ports.pick_free())
    emulator.start()
    pid = emulator.pid
    assert pid
    assert group(pid) == {pid}
    emulator.stop()
    assert group(pid) == set()


def test_it_goes_when_its_starter_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as starter:
        assert starter.stdout
        pid = int(starter.stdout.readline())
        assert group(pid)
        starter.send_signal(signal.SIGKILL)
    eventually(lambda: group(pid) == set(), within=20)


def test_what_it_was_given_is_there_after_a_restart(tmp_path: Path) -> None:
    for expected in ([], ["kept-bucket"]):
        with MiniStack(tmp_path, ports=Ports.pick_free(), keep=True) as emulator:
            s3 = Aws(emulator.endpoint).s3
            assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == expected
            s3.create_bucket(Bucket="kept-bucket")


def test_who_reads_a_tables_stream_goes_on_where_it_was_after_a_restart(tmp_path: Path) -> None:
    with MiniStack(tmp_path, ports=Ports.pick_free(), keep=True) as emulator:
        aws = Aws(emulator.endpoint)
        reader = reading(aws)
        put(aws, "first")
        eventually(lambda: "read: first" in emulator.log.read_text(), within=20)
        aws.functions.update_event_source_mapping(UUID=reader, Enabled=False)
        put(aws, "unread")
    with MiniStack(tmp_path, ports=Ports.pick_free(), keep=True) as emulator:
        aws = Aws(emulator.endpoint)
        aws.functions.update_event_source_mapping(UUID=reader, Enabled=True)
        put(aws, "later")
        eventually(lambda: "read: later" in emulator.log.read_text(), within=20)
        told = emulator.log.read_text()
        assert ("read: unread" in told, "read: first" in told) == (True, False)


def test_a_queue_is_read_after_a_restart_on_another_port(tmp_path: Path) -> None:
    with MiniStack(tmp_path, ports=Ports.pick_free(), keep=True) as emulator:
        aws = Aws(emulator.endpoint)
        url = aws.sqs.create_queue(QueueName="waiting")["QueueUrl"]
        create_reader(aws, "def handler(event, _): print('read:', event['Records'][0]['body'])")
        aws.functions.create_event_source_mapping(
            FunctionName="reader", EventSourceArn="arn:aws:sqs:us-east-1:000000000000:waiting"
        )
    with MiniStack(tmp_path, ports=Ports.pick_free(), keep=True) as emulator:
        Aws(emulator.endpoint).sqs.send_message(QueueUrl=url, MessageBody="later")
        eventually(lambda: "read: later" in emulator.log.read_text(), within=20)


def test_an_expired_token_is_told_apart_from_a_missing_one(aws: Aws) -> None:
    address = f"{aws.endpoint}/_aws/execute-api/{protected_api(aws)}/live/"
    claims = base64.urlsafe_b64encode(b'{"exp": 1}').decode().rstrip("=")
    answers = [
        urllib3.request("GET", address, headers={"Authorization": f"Bearer {token}"})
        for token in (f"e30.{claims}.e30", "nonsense")
    ]
    assert [answer.status for answer in answers] == [401, 401]
    assert [answer.json()["detail"] for answer in answers] == [
        "The incoming token has expired",
        "Unauthorized",
    ]


def protected_api(aws: Aws) -> str:
    """An API whose root needs a token; its refusal has the gateway's own message."""
    gateway = aws.apigateway
    pool = aws.cognito.create_user_pool(PoolName="people")["UserPool"]
    api = gateway.create_rest_api(name="protected")["id"]
    (root,) = gateway.get_resources(restApiId=api)["items"]
    authorizer = gateway.create_authorizer(
        restApiId=api,
        name="token",
        type="COGNITO_USER_POOLS",
        providerARNs=[pool["Arn"]],
        identitySource="method.request.header.Authorization",
    )["id"]
    gateway.put_method(
        restApiId=api,
        resourceId=root["id"],
        httpMethod="GET",
        authorizationType="COGNITO_USER_POOLS",
        authorizerId=authorizer,
    )
    gateway.put_integration(restApiId=api, resourceId=root["id"], httpMethod="GET", type="MOCK")
    gateway.put_gateway_response(
        restApiId=api,
        responseType="UNAUTHORIZED",
        statusCode="401",
        responseTemplates={"application/json": refusal_template("UNAUTHORIZED")},
    )
    gateway.create_deployment(restApiId=api, stageName="live")
    return api


def reading(aws: Aws) -> str:
    """The id of what lets a function read a new table's stream."""
    create_reader(aws, READER)
    table = aws.dynamodb.create_table(
        TableName="told",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )["TableDescription"]
    return aws.functions.create_event_source_mapping(
        FunctionName="reader",
        EventSourceArn=table["LatestStreamArn"],
        StartingPosition="TRIM_HORIZON",
    )["UUID"]


def create_reader(aws: Aws, source: str) -> None:
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as bundle:
        bundle.writestr("reader.py", source)
    aws.functions.create_function(
        FunctionName="reader",
        Runtime="python3.13",
        Handler="reader.handler",
        Role="arn:aws:iam::000000000000:role/reader",
        Code={"ZipFile": zipped.getvalue()},
    )


def put(aws: Aws, name: str) -> None:
    aws.dynamodb.put_item(TableName="told", Item={"pk": {"S": name}, "of": {"B": b"bytes"}})


def test_an_emulator_that_ends_at_once_is_reported_with_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho no such luck; exit 3\n")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    with pytest.raises(EmulatorFailed, match="no such luck"):
        MiniStack(tmp_path, ports=Ports.pick_free()).start()


def group(leader: int) -> set[int]:
    """The processes of a group, by the fifth field of /proc/<pid>/stat."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == leader and fields[0] != "Z":
            found.add(int(stat.parent.name))
    return found


def eventually(holds: Callable[[], bool], *, within: float) -> None:
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, f"still not so after {within} s"
        time.sleep(0.05)
