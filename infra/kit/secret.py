"""Secrets: those that the stack makes, and those that operators store by name."""

from dataclasses import dataclass

from aws_cdk import Aws, RemovalPolicy
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.kit.rights import Grantee, allow
from leadloop.settings import LinkSettings, Settings


class GeneratedSecret(secretsmanager.Secret):
    """64 random characters that AWS draws once and that nobody types."""

    def __init__(
        self, scope: Construct, construct_id: str, *, description: str, removal: RemovalPolicy
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            description=description,
            generate_secret_string=secretsmanager.SecretStringGenerator(
                password_length=64, exclude_punctuation=True
            ),
            removal_policy=removal,
        )


class LinksSecret(GeneratedSecret):
    """The key that signs the links in mails."""

    def use_in(self, function: Grantee) -> None:
        """Let `function` make and check signed links."""
        function.add_settings(LinkSettings(LINKS_SECRET=self.secret_arn))
        self.grant_read(function)


@dataclass(frozen=True, kw_only=True)
class StoredSecrets:
    """Secrets whose names begin with `prefix`; operators store them, a playbook names them."""

    prefix: str
    settings: Settings

    def use_in(self, function: Grantee) -> None:
        """Let `function` read every secret below the prefix, and write none."""
        function.add_settings(self.settings)
        scope = f"arn:{Aws.PARTITION}:secretsmanager:{Aws.REGION}:{Aws.ACCOUNT_ID}"
        allow(function, ("secretsmanager:GetSecretValue",), f"{scope}:secret:{self.prefix}*")
