"""Calls of AWS that no client makes, by what is sent and how often."""

import json
from collections.abc import Callable, Iterator

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import (
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)
from moto import mock_aws
from moto.core.botocore_stubber import MockRawResponse

from leadloop.edge.signed_calls import SECRETS, SQS, SignedCalls
from tests.functions.aws_fixture import MotoHttp

Answer = tuple[int, bytes] | Exception
NO_ANSWER = ReadTimeoutError(endpoint_url="https://sqs")
NO_CONNECTION = EndpointConnectionError(endpoint_url="https://sqs")


class AnsweringHttp:
    """Answers in turn, and keeps what was asked."""

    def __init__(self, *answers: Answer) -> None:
        self._answers = iter(answers)
        self.asked: list[AWSPreparedRequest] = []

    def send(self, request: AWSPreparedRequest) -> AWSResponse:
        self.asked.append(request)
        answer = next(self._answers)
        if isinstance(answer, Exception):
            raise answer
        status, body = answer
        return AWSResponse(request.url, status, HTTPHeaders(), MockRawResponse(body))


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)


@pytest.fixture
def pauses() -> list[int]:
    return []


def send(http: AnsweringHttp, pauses: list[int]) -> dict[str, object]:
    return SignedCalls(http, pauses.append).call(SQS, "SendMessage", {"MessageBody": "né"})


def test_a_call_is_signed_with_the_credentials_of_the_process(pauses: list[int]) -> None:
    http = AnsweringHttp((200, b'{"MessageId": "m"}'))
    assert send(http, pauses) == {"MessageId": "m"}
    (request,) = http.asked
    assert request.url == "https://sqs.eu-central-1.amazonaws.com/"
    assert request.headers["X-Amz-Target"] == "AmazonSQS.SendMessage"
    assert request.headers["X-Amz-Security-Token"] == "testing"
    assert "Credential=testing/" in request.headers["Authorization"]
    assert json.loads(str(request.body, "utf-8")) == {"MessageBody": "né"}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "answer",
    [
        NO_ANSWER,
        NO_CONNECTION,
        (500, b"{}"),
        (503, b""),
        (400, b'{"__type": "com.amazon.coral.service#ThrottlingException"}'),
    ],
)
def test_what_may_pass_is_tried_three_times(answer: Answer, pauses: list[int]) -> None:
    assert send(AnsweringHttp(answer, answer, (200, b"{}")), pauses) == {}
    assert pauses == [1, 2]
    with pytest.raises((ClientError, ReadTimeoutError, EndpointConnectionError)):
        send(AnsweringHttp(answer, answer, answer), pauses)


def test_a_refusal_is_final_and_named(pauses: list[int]) -> None:
    body = b'{"__type": "com.amazonaws.sqs#QueueDoesNotExist", "message": "none"}'
    with pytest.raises(ClientError, match="QueueDoesNotExist"):
        send(AnsweringHttp((400, body)), pauses)
    assert pauses == []


def test_nothing_is_asked_without_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(NoCredentialsError):
        SignedCalls(AnsweringHttp(), lambda _: None)


@pytest.mark.parametrize(
    ("region", "endpoint", "address"),
    [
        ("eu-central-1", None, "https://raw.s3.eu-central-1.amazonaws.com/a/b%20c.json"),
        ("cn-north-1", None, "https://raw.s3.cn-north-1.amazonaws.com.cn/a/b%20c.json"),
        ("us-east-1", "http://127.0.0.1:9", "http://127.0.0.1:9/raw/a/b%20c.json"),
    ],
)
def test_an_object_is_asked_for_where_the_region_keeps_it(
    region: str, endpoint: str | None, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    if endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    http = AnsweringHttp((404, b"<Error><Code>NoSuchKey</Code><Message>no</Message></Error>"))
    with pytest.raises(ClientError) as refused:
        SignedCalls(http, lambda _: None).get_object(Bucket="raw", Key="a/b c.json")
    assert refused.value.response["Error"]["Code"] == "NoSuchKey"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
    assert http.asked[0].url == address


@pytest.fixture
def calls() -> Iterator[Callable[[], SignedCalls]]:
    with mock_aws():
        yield lambda: SignedCalls(MotoHttp(), lambda _: None)


def test_aws_answers_as_it_answers_clients(calls: Callable[[], SignedCalls]) -> None:
    s3, secrets = boto3.client("s3", "us-east-1"), boto3.client("secretsmanager")
    s3.create_bucket(Bucket="raw")
    etag = s3.put_object(Bucket="raw", Key="a/b c.json", Body=b"{}")["ETag"]
    secrets.create_secret(Name="links", SecretString="of the test")
    found = calls().get_object(Bucket="raw", Key="a/b c.json")
    assert (found["Body"].read(), found["ETag"]) == (b"{}", etag)
    answer = calls().call(SECRETS, "GetSecretValue", {"SecretId": "links"})
    assert answer["SecretString"] == "of the test"
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        calls().call(SECRETS, "GetSecretValue", {"SecretId": "none"})
