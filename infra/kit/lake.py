"""The lake: one JSON line an event, by day, for SQL.

`lake_columns.json` is made from the event classes by `leadloop readme`.
"""

import json
from pathlib import Path

from aws_cdk import Aws, Duration
from aws_cdk import aws_athena as athena
from aws_cdk import aws_glue as glue
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesisfirehose as firehose
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.kit.rights import Grantee, allow
from leadloop.settings import LakeSettings

COLUMNS = Path(__file__).with_name("lake_columns.json")
EVENTS_PREFIX = "events/"  # of the lake's bucket
RESULTS_PREFIX = "results/"  # the same: what Athena has answered
RESULTS_LIFETIME = Duration.days(7)
FIRST_DAY = "2026-01-01"  # before any deployment of ours
MOST_BYTES = 100 * 2**30  # read by one query: half a dollar


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
                    prefix=f"{EVENTS_PREFIX}day=!{{timestamp:yyyy-MM-dd}}/",
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


class LakeTable(Construct):
    """The table `events` over the lake, and the workgroup in which Athena is asked.

    Days are projected: nobody adds partitions. Old and new lines are read by the same columns, and
    a field that a line does not have is null.

    Source: Athena user guide, "Set up partition projection", "OpenX JSON SerDe".
    """

    def __init__(self, scope: Construct, construct_id: str, *, bucket: s3.IBucket) -> None:
        super().__init__(scope, construct_id)
        name = scope.stack_name.lower()
        self.database = glue.CfnDatabase(
            self,
            "Database",
            catalog_id=Aws.ACCOUNT_ID,
            database_input=glue.CfnDatabase.DatabaseInputProperty(name=name),
        )
        self.table = glue.CfnTable(
            self,
            "Events",
            catalog_id=Aws.ACCOUNT_ID,
            database_name=name,
            table_input=_events_table(bucket.s3_url_for_object(EVENTS_PREFIX)),
        )
        self.table.add_dependency(self.database)
        results = athena.CfnWorkGroup.ResultConfigurationProperty(
            output_location=bucket.s3_url_for_object(RESULTS_PREFIX),
            encryption_configuration=athena.CfnWorkGroup.EncryptionConfigurationProperty(
                encryption_option="SSE_S3"
            ),
        )
        self.work_group = athena.CfnWorkGroup(
            self,
            "WorkGroup",
            name=name,
            recursive_delete_option=True,  # of its history: the lake itself stays
            work_group_configuration=athena.CfnWorkGroup.WorkGroupConfigurationProperty(
                enforce_work_group_configuration=True,
                publish_cloud_watch_metrics_enabled=True,
                bytes_scanned_cutoff_per_query=MOST_BYTES,
                result_configuration=results,
            ),
        )


def _events_table(location: str) -> glue.CfnTable.TableInputProperty:
    columns = [
        glue.CfnTable.ColumnProperty(name=column["name"], type=column["type"])
        for column in json.loads(COLUMNS.read_text())
    ]
    return glue.CfnTable.TableInputProperty(
        name="events",
        table_type="EXTERNAL_TABLE",
        partition_keys=[glue.CfnTable.ColumnProperty(name="day", type="string")],
        parameters={
            "classification": "json",
            "projection.enabled": "true",
            "projection.day.type": "date",
            "projection.day.format": "yyyy-MM-dd",
            "projection.day.range": f"{FIRST_DAY},NOW",
            "projection.day.interval": "1",
            "projection.day.interval.unit": "DAYS",
            "storage.location.template": f"{location}day=${{day}}/",
        },
        storage_descriptor=glue.CfnTable.StorageDescriptorProperty(
            columns=columns,
            location=location,
            input_format="org.apache.hadoop.mapred.TextInputFormat",
            output_format="org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            serde_info=glue.CfnTable.SerdeInfoProperty(
                serialization_library="org.openx.data.jsonserde.JsonSerDe"
            ),
        ),
    )
