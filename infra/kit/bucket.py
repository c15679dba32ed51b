"""Buckets: private, encrypted, and opened to a function prefix by prefix."""

from collections.abc import Callable, Iterable

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.kit.rights import Grantee, allow
from leadloop.settings import Settings

HALF_UPLOADED = Duration.days(7)  # then S3 deletes the parts of an upload that was never completed


class PrivateBucket(s3.Bucket):
    """A bucket without public access; objects are deleted after `expire`, if it is set."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        removal: RemovalPolicy,
        versioned: bool = False,
        expire: Duration | None = None,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            versioned=versioned,
            removal_policy=removal,
        )
        self.add_lifecycle_rule(
            abort_incomplete_multipart_upload_after=HALF_UPLOADED, expiration=expire
        )


class WorkBucket(PrivateBucket):
    """A bucket that functions work with; `settings` builds from its name what they read."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: Callable[[str], tuple[Settings, ...]],
        removal: RemovalPolicy,
        versioned: bool = False,
        expire: Duration | None = None,
    ) -> None:
        super().__init__(scope, construct_id, removal=removal, versioned=versioned, expire=expire)
        self._settings = settings(self.bucket_name)

    def use_in(
        self, function: Grantee, *, read: Iterable[str] = (), write: Iterable[str] = ()
    ) -> None:
        """Let `function` get objects below the prefixes `read`, and put them below `write`.

        Who may read may also list: only then a missing object is 404 and not 403.

        Source: Amazon S3 API Reference, "GetObject", permissions.
        """
        function.add_settings(*self._settings)
        for prefix in read:
            objects = self.arn_for_objects(f"{prefix}*")
            allow(function, ("s3:GetObject", "s3:GetObjectVersion"), objects)
            below = {"StringLike": {"s3:prefix": f"{prefix}*"}}
            allow(function, ("s3:ListBucket",), self.bucket_arn, below)
        for prefix in write:
            allow(function, ("s3:PutObject",), self.arn_for_objects(f"{prefix}*"))
