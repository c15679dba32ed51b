"""The few calls of AWS that every door and worker makes: signed and sent by botocore's own parts.

A client of botocore reads the description of its service before its first call, and builds each
call from it. That is more work than all else that a post needs. So to queue a message, to read an
object and to read a secret are asked here; all other calls are asked of clients (`wiring`).

Source: "Create a signed AWS API request", IAM user guide; "AWS JSON 1.0 protocol", Smithy.
"""

import json
import os
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any, NamedTuple, Protocol, TypedDict
from urllib.parse import quote

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSPreparedRequest, AWSRequest, AWSResponse
from botocore.credentials import ContainerProvider, CredentialResolver, Credentials, EnvProvider
from botocore.exceptions import ClientError, HTTPClientError, NoCredentialsError
from botocore.exceptions import ConnectionError as NoConnection

MOST_TRIES = 3
FIRST_SERVER_ERROR = 500
THROTTLING_CODES = {
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "RequestThrottled",
    "RequestThrottledException",
    "TooManyRequestsException",
}


class HttpSession(Protocol):
    """What sends a request: botocore's session over urllib3."""

    def send(self, request: AWSPreparedRequest) -> AWSResponse: ...


class JsonService(NamedTuple):
    """A service of AWS that takes JSON: its name, and what its targets begin with."""

    name: str
    target: str
    version: str


class StoredContent(TypedDict):
    """An object of S3, in the form in which a client answers."""

    Body: BytesIO
    ETag: str


SQS = JsonService("sqs", "AmazonSQS", "1.0")
SECRETS = JsonService("secretsmanager", "secretsmanager", "1.1")


class SignedCalls:
    """Calls that this process signs with its credentials; the region is that of the process.

    A call is tried three times when AWS throttles, fails or does not answer, as clients do it.
    """

    def __init__(self, http: HttpSession, pause: Callable[[int], None]) -> None:
        self._http, self._pause = http, pause
        self._region = os.environ["AWS_DEFAULT_REGION"]  # Lambda itself sets it
        self._endpoint = os.environ.get("AWS_ENDPOINT_URL")
        self._credentials = load_credentials()

    def call(
        self, service: JsonService, operation: str, parameters: Mapping[str, object]
    ) -> dict[str, Any]:
        """The answer of a service that takes JSON.

        Raises:
            ClientError: the service refused the call.
            BotoCoreError: it did not answer.

        """
        url = f"{self._endpoint or f'https://{self._host(service.name)}'}/"
        body = json.dumps(parameters, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {
            "Content-Type": f"application/x-amz-json-{service.version}",
            "X-Amz-Target": f"{service.target}.{operation}",
        }
        signer = SigV4Auth(self._credentials.get_frozen_credentials(), service.name, self._region)
        answer = self._send(operation, signer, AWSRequest("POST", url, headers, body))
        content: dict[str, Any] = json.loads(answer.content)
        return content

    def get_object(self, *, Bucket: str, Key: str) -> StoredContent:  # noqa: N803 - AWS's names
        """An object of S3, as a client's `get_object` answers.

        Raises: as `call` does; `NoSuchKey` with the status 404 where there is none.
        """
        bucket = f"{self._endpoint}/{Bucket}" if self._endpoint else self._bucket_address(Bucket)
        signer = S3SigV4Auth(self._credentials.get_frozen_credentials(), "s3", self._region)
        answer = self._send("GetObject", signer, AWSRequest("GET", f"{bucket}/{quote(Key)}"))
        return {"Body": BytesIO(answer.content), "ETag": answer.headers["ETag"]}

    def _bucket_address(self, bucket: str) -> str:
        return f"https://{bucket}.{self._host('s3')}"

    def _host(self, service: str) -> str:
        suffix = "amazonaws.com.cn" if self._region.startswith("cn-") else "amazonaws.com"
        return f"{service}.{self._region}.{suffix}"

    def _send(self, operation: str, signer: SigV4Auth, request: AWSRequest) -> AWSResponse:
        for attempt in range(1, MOST_TRIES):
            try:
                return self._send_once(operation, signer, request)
            except (NoConnection, HTTPClientError):
                pass
            except ClientError as error:
                if not is_passing(error):
                    raise
            self._pause(attempt)
        return self._send_once(operation, signer, request)

    def _send_once(self, operation: str, signer: SigV4Auth, request: AWSRequest) -> AWSResponse:
        signer.add_auth(request)
        answer = self._http.send(request.prepare())
        if answer.status_code >= 300:
            raise ClientError(_read_refusal(answer), operation)
        return answer


def load_credentials() -> Credentials:
    """The credentials that Lambda gives: in variables, or from a snapshot's own address.

    Raises:
        NoCredentialsError: there are none.

    """
    found = CredentialResolver([EnvProvider(), ContainerProvider()]).load_credentials()
    if found is None:
        raise NoCredentialsError
    return found


def is_passing(error: ClientError) -> bool:
    """Whether the same call may be answered a moment later."""
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    return status >= FIRST_SERVER_ERROR or error.response["Error"]["Code"] in THROTTLING_CODES


def _read_refusal(answer: AWSResponse) -> Any:  # noqa: ANN401 - as botocore's parsers answer
    """Why a call was refused, in the form of botocore's parsers; S3 says it in XML."""
    content = answer.content
    try:
        document = json.loads(content)
    except ValueError:
        code, message = _tag_text(content, "Code"), _tag_text(content, "Message")
    else:
        code = str(document.get("__type", "")).rpartition("#")[2]
        message = str(document.get("message") or document.get("Message") or "")
    return {
        "Error": {"Code": code or str(answer.status_code), "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": answer.status_code},
    }


def _tag_text(document: bytes, tag: str) -> str:
    found = document.partition(f"<{tag}>".encode())[2].partition(f"</{tag}>".encode())[0]
    return found.decode("utf-8", "replace")
