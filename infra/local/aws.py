"""The boto3 clients of the embedded AWS, created once each."""

from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import boto3
from botocore.config import Config

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

REGION = "us-east-1"
ACCOUNT = "000000000000"
KEY = "test"  # the one key that the embedded AWS takes for the root of its account


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
        return self._session.client("apigateway", endpoint_url=self.endpoint, config=self._config)

    @cached_property
    def cloudformation(self) -> "CloudFormationClient":
        return self._session.client(
            "cloudformation", endpoint_url=self.endpoint, config=self._config
        )

    @cached_property
    def cognito(self) -> "CognitoIdentityProviderClient":
        return self._session.client("cognito-idp", endpoint_url=self.endpoint, config=self._config)

    @cached_property
    def dynamodb(self) -> "DynamoDBClient":
        return self._session.client("dynamodb", endpoint_url=self.endpoint, config=self._config)

    @cached_property
    def functions(self) -> "LambdaClient":
        return self._session.client("lambda", endpoint_url=self.endpoint, config=self._config)

    @cached_property
    def s3(self) -> "S3Client":
        return self._session.client("s3", endpoint_url=self.endpoint, config=self._config)

    @cached_property
    def secretsmanager(self) -> "SecretsManagerClient":
        return self._session.client(
            "secretsmanager", endpoint_url=self.endpoint, config=self._config
        )

    @cached_property
    def ses(self) -> "SESClient":
        return self._session.client("ses", endpoint_url=self.endpoint, config=self._config)

    @cached_property
    def sqs(self) -> "SQSClient":
        return self._session.client("sqs", endpoint_url=self.endpoint, config=self._config)

    @cached_property
    def parameters(self) -> ParameterStore:
        store: ParameterStore = self._session.client(
            "ssm", endpoint_url=self.endpoint, config=self._config
        )
        return store

    @cached_property
    def stepfunctions(self) -> "SFNClient":
        return self._session.client(
            "stepfunctions", endpoint_url=self.endpoint, config=self._config
        )
