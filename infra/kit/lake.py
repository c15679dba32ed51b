"""The lake: one JSON line an event, by day, for SQL."""

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesisfirehose as firehose
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.kit.rights import Grantee, allow
from leadloop.settings import LakeSettings


class LakeStream(firehose.CfnDeliveryStream):
    """Writes events to `bucket` every 60 seconds or 5 MB. Its role may only add objects there."""

    def __init__(self, scope: Construct, construct_id: str, *, bucket: s3.IBucket) -> None:
        role = iam.Role(
            scope, "LakeRole", assumed_by=iam.ServicePrincipal("firehose.amazonaws.com")
        )
        for actions, resource in (
            (["s3:PutObject", "s3:AbortMultipartUpload"], bucket.arn_for_objects("*")),
            (["s3:ListBucketMultipartUploads"], bucket.bucket_arn),
        ):
            role.add_to_policy(iam.PolicyStatement(actions=actions, resources=[resource]))
        super().__init__(
            scope,
            construct_id,
            delivery_stream_encryption_configuration_input=(
                firehose.CfnDeliveryStream.DeliveryStreamEncryptionConfigurationInputProperty(
                    key_type="AWS_OWNED_CMK"
                )
            ),
            extended_s3_destination_configuration=(
                firehose.CfnDeliveryStream.ExtendedS3DestinationConfigurationProperty(
                    bucket_arn=bucket.bucket_arn,
                    role_arn=role.role_arn,
                    prefix="events/day=!{timestamp:yyyy-MM-dd}/",
                    error_output_prefix="failed/!{firehose:error-output-type}/",
                    buffering_hints=firehose.CfnDeliveryStream.BufferingHintsProperty(
                        interval_in_seconds=60, size_in_m_bs=5
                    ),
                )
            ),
        )
        self.node.add_dependency(role)

    def use_in(self, function: Grantee) -> None:
        """Let `function` hand events to the lake."""
        function.add_settings(LakeSettings(LAKE_STREAM=self.ref))
        allow(function, ("firehose:PutRecordBatch",), self.attr_arn)
