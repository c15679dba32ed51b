"""The boto3 clients of the embedded AWS, created once each."""

from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import boto3
from botocore.config import Config

from leadloop.cli.stacks import LAPTOP_KEY, LAPTOP_REGION

if TYPE_CHECKING:
    from types_boto3_apigateway import APIGatewayClient
    from types_boto3_cloudformation import CloudFormationClient
    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_lambda import LambdaClient
    from types_boto3_s3 import S3Client
    from types_boto3_secretsmanager import SecretsManagerClient
    from types_boto3_ses import SESClient
    from types_boto3_sqs import SQSClient
    from types_boto3_stepfunctions import SFNClient

ACCOUNT = "000000000000"
REGION, KEY = LAPTOP_REGION, LAPTOP_KEY


class ParameterStore(Protocol):
    """The part of SSM that is used."""

    def put_parameter(self, **request: str | bool) -> object: ...


class Aws:
    """The embedded AWS at an endpoint, one client for each service."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._session = boto3.Session(
            aws_access_key_id=KEY, aws_secret_access_key=KEY, region_name=REGION
        )
        self._config = Config(
            retries={"mode": "standard", "max_attempts": 3}, connect_timeout=5, read_timeout=60
        )

    @cached_property
    def apigateway(self) -> "APIGatewayClient":
        return self._client("apigateway")

    @cached_property
    def cloudformation(self) -> "CloudFormationClient":
        return self._client("cloudformation")

    @cached_property
    def cognito(self) -> "CognitoIdentityProviderClient":
        return self._client("cognito-idp")

    @cached_property
    def dynamodb(self) -> "DynamoDBClient":
        return self._client("dynamodb")

    @cached_property
    def functions(self) -> "LambdaClient":
        return self._client("lambda")

    @cached_property
    def s3(self) -> "S3Client":
        return self._client("s3")

    @cached_property
    def secretsmanager(self) -> "SecretsManagerClient":
        return self._client("secretsmanager")

    @cached_property
    def ses(self) -> "SESClient":
        return self._client("ses")

    @cached_property
    def sqs(self) -> "SQSClient":
        return self._client("sqs")

    @cached_property
    def parameters(self) -> ParameterStore:
        store: ParameterStore = self._client("ssm")
        return store

    def _client(self, service: str) -> Any:  # noqa: ANN401  each property has its type
        return self._session.client(  # type: ignore[call-overload]
            service, endpoint_url=self.endpoint, config=self._config
        )

    @cached_property
    def stepfunctions(self) -> "SFNClient":
        return self._client("stepfunctions")
