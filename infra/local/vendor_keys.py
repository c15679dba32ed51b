"""The vendors' keys of the sample company; on a laptop, samples are signed with them."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient

HOOKS = {
    "meta-app": "laptop-meta-app-secret",
    "meta-verify": "laptop-meta-verify-token",
    "google-key": "laptop-google-key",
    "linkedin-app": "laptop-linkedin-client-secret",
    "typeform-hook": "laptop-typeform-secret",
    "chat-hook": "laptop-chat-secret",
}
VENDORS = {
    "meta-page": "laptop-meta-page-token",
    "linkedin-token": "laptop-linkedin-token",
    "typeform-token": "laptop-typeform-token",
}


def store(client: "SecretsManagerClient", *, hooks: str, vendors: str) -> None:
    """Store each key under its prefix; may be repeated."""
    named = {hooks + name: key for name, key in HOOKS.items()}
    named |= {vendors + name: key for name, key in VENDORS.items()}
    for name, key in named.items():
        try:
            client.create_secret(Name=name, SecretString=key)
        except client.exceptions.ResourceExistsException:
            client.put_secret_value(SecretId=name, SecretString=key)
