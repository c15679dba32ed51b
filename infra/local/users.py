"""Creates people in the local user pool, and tokens of their role."""

import contextlib
import secrets

from infra.local.aws import Aws
from infra.local.stack_file import StackFile

ADMIN_EMAIL = "admin@acme.example"


def issue_token(
    aws: Aws, stack: StackFile, *, email: str = ADMIN_EMAIL, role: str = "admin"
) -> str:
    """An ID token, valid for an hour. Creates the person if needed; sets a new password."""
    pool, cognito = stack.user_pool, aws.cognito
    password = f"{secrets.token_urlsafe(24)}aA1!"
    with contextlib.suppress(cognito.exceptions.UsernameExistsException):
        cognito.admin_create_user(
            UserPoolId=pool,
            Username=email,
            MessageAction="SUPPRESS",
            UserAttributes=[
                {"Name": "email", "Value": email},
                {"Name": "email_verified", "Value": "true"},
            ],
        )
    cognito.admin_set_user_password(
        UserPoolId=pool, Username=email, Password=password, Permanent=True
    )
    cognito.admin_add_user_to_group(UserPoolId=pool, Username=email, GroupName=role)
    answer = cognito.admin_initiate_auth(
        UserPoolId=pool,
        ClientId=stack.user_pool_client,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": email, "PASSWORD": password},
    )
    return answer["AuthenticationResult"]["IdToken"]
