import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from ministack.services.cloudformation.provisioners import _RESOURCE_HANDLERS

from infra.bundling.bundles import list_functions
from infra.kit.lake import COLUMNS

from .conftest import Assembly

DATA = {
    "AWS::DynamoDB::Table",
    "AWS::S3::Bucket",
    "AWS::SecretsManager::Secret",
    "AWS::Cognito::UserPool",
}
DOORS = {"capture", "partners", "admin"}
POLLED = {"feeds", "upkeep"}  # by the clock itself; flows need no permission


def function_names(assembly: Assembly) -> dict[str, str]:
    """Name (as its folder) → stack and logical id."""
    return {
        each["Properties"]["Handler"].partition(".")[0]: place
        for place, each in assembly.of_type("AWS::Lambda::Function").items()
    }


def watched(assembly: Assembly) -> str:
    return json.dumps(
        [each["Properties"] for each in assembly.of_type("AWS::CloudWatch::Alarm").values()]
    )


def test_the_embedded_aws_knows_every_type_that_the_laptop_deploys(laptop: Assembly) -> None:
    used = {each["Type"] for each in laptop.resources.values()}
    assert used - _RESOURCE_HANDLERS.keys() == set()


def test_mail_is_received_and_posts_are_counted_on_aws_only(
    laptop: Assembly, prod: Assembly
) -> None:
    more = prod.templates.keys() - laptop.templates.keys()
    assert more == {"LeadloopMail", "LeadloopLimits"}


def test_posts_of_forms_are_limited_by_the_address_the_gateway_sees_and_by_form(
    prod: Assembly,
) -> None:
    (acl,) = prod.of_type("AWS::WAFv2::WebACL").values()
    rules = [each["Statement"]["RateBasedStatement"] for each in acl["Properties"]["Rules"]]
    assert [each["AggregateKeyType"] for each in rules] == ["IP", "CUSTOM_KEYS"]
    assert rules[0]["Limit"] < rules[1]["Limit"]
    scope = rules[0]["ScopeDownStatement"]["AndStatement"]["Statements"]
    assert [each["ByteMatchStatement"]["SearchString"] for each in scope] == ["POST", "/f/"]
    assert len(prod.of_type("AWS::WAFv2::WebACLAssociation")) == 1


def test_every_function_folder_is_deployed_and_nothing_else(prod: Assembly) -> None:
    assert function_names(prod).keys() == set(list_functions())


def test_a_function_is_one_permission_for_the_api_and_one_for_the_clock_at_most(
    prod: Assembly,
) -> None:
    permissions = prod.of_type("AWS::Lambda::Permission").values()
    callers = Counter(each["Properties"]["Principal"] for each in permissions)
    assert callers["apigateway.amazonaws.com"] == len(DOORS)
    assert callers["events.amazonaws.com"] == len(POLLED)
    assert callers.total() == len(DOORS) + len(POLLED)


def test_stacks_stay_far_from_the_limit_of_500_resources(prod: Assembly) -> None:
    assert {
        name: len(t["Resources"]) for name, t in prod.templates.items() if len(t["Resources"]) > 200
    } == {}


def test_what_must_not_be_lost_survives_its_stack(prod: Assembly) -> None:
    data = {place: each for place, each in prod.resources.items() if each["Type"] in DATA}
    assert {each["Type"] for each in data.values()} == DATA
    for place, each in data.items():
        assert each["DeletionPolicy"] == "Retain", place
        assert each["UpdateReplacePolicy"] == "Retain", place
        assert place.startswith("LeadloopData/")


def test_the_table_can_be_restored_to_any_second_and_tells_what_changed(prod: Assembly) -> None:
    (table,) = prod.of_type("AWS::DynamoDB::Table").values()
    properties = table["Properties"]
    assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert properties["DeletionProtectionEnabled"] is True
    assert properties["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}
    assert properties["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}


def test_every_queue_gives_up_into_a_dead_letter_queue_that_alarms(prod: Assembly) -> None:
    queues = prod.of_type("AWS::SQS::Queue")
    alarms = watched(prod)
    for place, queue in queues.items():
        logical_id = place.rpartition("/")[2]
        if "Dead" in logical_id:
            assert logical_id in alarms
        else:
            assert queue["Properties"]["RedrivePolicy"]["maxReceiveCount"] == 5
        assert queue["Properties"]["MessageRetentionPeriod"] == 14 * 24 * 3600


def test_every_dead_letter_queue_is_read_by_upkeep(prod: Assembly) -> None:
    dead = [place for place in prod.of_type("AWS::SQS::Queue") if "Dead" in place]
    upkeep = function_names(prod)["upkeep"].rpartition("/")[2]
    read = [
        each
        for each in prod.of_type("AWS::Lambda::EventSourceMapping").values()
        if each["Properties"]["FunctionName"] == {"Ref": upkeep}
    ]
    assert len(read) == len(dead) == 5


def test_one_bad_record_never_fails_its_neighbours(prod: Assembly) -> None:
    for place, each in prod.of_type("AWS::Lambda::EventSourceMapping").items():
        properties = each["Properties"]
        assert properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"], place
        if "FilterCriteria" in properties:
            assert "OnFailure" in properties["DestinationConfig"]
            assert properties["BisectBatchOnFunctionError"] is True


def test_every_function_alarms_logs_for_a_while_and_runs_on_arm(prod: Assembly) -> None:
    alarms = watched(prod)
    for name, place in function_names(prod).items():
        properties = prod.resources[place]["Properties"]
        assert properties["Architectures"] == ["arm64"]
        assert properties["Runtime"] == "python3.13"
        assert properties["LoggingConfig"]["LogGroup"], name
        assert place.rpartition("/")[2] in alarms
    for group in prod.of_type("AWS::Logs::LogGroup").values():
        assert group["Properties"]["RetentionInDays"]


def test_alarms_may_tell_the_topic_they_tell(prod: Assembly) -> None:
    """A policy of our own replaces the one that would let them."""
    assert publishers(prod, "Alarms") == [{"Service": "cloudwatch.amazonaws.com"}]


def publishers(assembly: Assembly, topic: str) -> list[Any]:
    (policy,) = (
        each for place, each in assembly.of_type("AWS::SNS::TopicPolicy").items() if topic in place
    )
    statements = policy["Properties"]["PolicyDocument"]["Statement"]
    return [each["Principal"] for each in statements if each["Effect"] == "Allow"]


def test_s16_ses_alone_tells_the_topic_of_our_mails_which_signs_with_sha256(
    prod: Assembly, laptop: Assembly
) -> None:
    principals = publishers(prod, "MailEvents")
    assert {json.dumps(each) for each in principals} == {'{"Service": "ses.amazonaws.com"}'}
    (topic,) = (
        each for place, each in prod.of_type("AWS::SNS::Topic").items() if "MailEvents" in place
    )
    assert topic["Properties"]["SignatureVersion"] == "2"
    (sent_to,) = (
        each
        for each in prod.of_type("AWS::SNS::Subscription").values()
        if each["Properties"]["Protocol"] == "sqs"
    )
    assert not sent_to["Properties"].get("RawMessageDelivery")  # else there is no signature
    assert len(prod.of_type("AWS::SES::ConfigurationSet")) == 1
    assert laptop.of_type("AWS::SES::ConfigurationSet") == {}


def test_a_door_keeps_one_published_version(prod: Assembly) -> None:
    versions = prod.of_type("AWS::Lambda::Version").values()
    assert len(versions) == len(DOORS)
    assert {v.get("DeletionPolicy", "Delete") for v in versions} == {"Delete"}


def test_no_right_is_for_every_action(prod: Assembly) -> None:
    loose = [
        (place, action)
        for place, statement in prod.statements()
        for action in statement["Action"]
        if "*" in action
    ]
    assert loose == []


def test_a_right_for_every_resource_is_for_what_has_none(prod: Assembly) -> None:
    loose = {
        action
        for _, statement in prod.statements()
        for action in statement["Action"]
        if "*" in statement["Resource"]
    }
    named = {action for action in loose if not action.startswith(("xray:", "logs:"))}
    assert named == {"dynamodb:ListStreams"}


def rights(assembly: Assembly, function: str) -> list[dict[str, Any]]:
    role = "".join(word.title() for word in function.split("_")) + "Role"
    return [
        dict(each) for place, each in assembly.statements() if re.search(rf"{role}Default", place)
    ]


def test_public_doors_hold_no_read_right_on_leads(prod: Assembly) -> None:
    on_table = {
        name: [s for s in rights(prod, name) if any(a.startswith("dynamodb:") for a in s["Action"])]
        for name in ("capture", "mail_in", "relay")
    }
    assert on_table["mail_in"] == []
    (consent,) = on_table["capture"]
    assert consent["Action"] == ["dynamodb:PutItem"]
    assert consent["Condition"] == {
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["CONSENT#*"]}
    }
    stream_only = {a for s in on_table["relay"] for a in s["Action"] if a.startswith("dynamodb:")}
    assert stream_only <= {
        "dynamodb:DescribeStream",
        "dynamodb:GetRecords",
        "dynamodb:GetShardIterator",
        "dynamodb:ListStreams",
    }


def test_only_deliver_may_send_mail(prod: Assembly) -> None:
    speaking = {
        place for place, s in prod.statements() if any(a.startswith("ses:") for a in s["Action"])
    }
    assert [place.partition("/")[2].startswith("OutDeliver") for place in speaking] == [True]


def test_nobody_may_scan(prod: Assembly) -> None:
    assert [place for place, s in prod.statements() if "dynamodb:Scan" in s["Action"]] == []


def test_who_keeps_the_register_touches_nothing_else(prod: Assembly) -> None:
    (kept,) = [s for s in rights(prod, "tally") if "dynamodb:PutItem" in s["Action"]]
    assert kept["Condition"] == {
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["REGISTER#*"]}
    }


def test_the_gateway_refuses_in_the_shape_of_rfc_9457(prod: Assembly) -> None:
    refusals = prod.of_type("AWS::ApiGateway::GatewayResponse").values()
    assert {"DEFAULT_4XX", "DEFAULT_5XX"} <= {r["Properties"]["ResponseType"] for r in refusals}
    for refusal in refusals:
        problem = json.loads(refusal["Properties"]["ResponseTemplates"]["application/json"])
        assert problem["title"]
        assert str(problem.get("status")) == refusal["Properties"].get("StatusCode", "None")
        headers = refusal["Properties"]["ResponseParameters"]
        assert headers["gatewayresponse.header.Content-Type"] == "'application/problem+json'"


@pytest.mark.parametrize(
    "path", ["/v1/{proxy+}", "/v1/openapi.json", "/admin/v1/{proxy+}", "/f/{proxy+}"]
)
def test_an_address_asks_for_its_own_proof(prod: Assembly, path: str) -> None:
    resources = prod.of_type("AWS::ApiGateway::Resource")
    last = path.rpartition("/")[2]
    parent = path.strip("/").split("/")[0]

    def first_part(place: str) -> str:
        above = resources[place]["Properties"]["ParentId"]
        part: str = resources[place]["Properties"]["PathPart"]
        return first_part(f"LeadloopService/{above['Ref']}") if "Ref" in above else part

    (place,) = [
        p
        for p, r in resources.items()
        if r["Properties"]["PathPart"] == last and first_part(p) == parent
    ]
    (method,) = [
        each["Properties"]
        for each in prod.of_type("AWS::ApiGateway::Method").values()
        if each["Properties"]["ResourceId"] == {"Ref": place.rpartition("/")[2]}
    ]
    assert method.get("ApiKeyRequired", False) is (path == "/v1/{proxy+}")
    expected = "COGNITO_USER_POOLS" if path.startswith("/admin") else "NONE"
    assert method["AuthorizationType"] == expected


def test_received_mail_becomes_a_message(prod: Assembly) -> None:
    (bucket,) = [b for p, b in prod.of_type("AWS::S3::Bucket").items() if "/Raw" in p]
    (sent,) = bucket["Properties"]["NotificationConfiguration"]["QueueConfigurations"]
    assert sent["Filter"]["S3Key"]["Rules"] == [{"Name": "prefix", "Value": "in/"}]
    assert any("QueuePolicy" in depends or "Policy" in depends for depends in bucket["DependsOn"])


def test_cfn_lint_finds_nothing(laptop: Assembly, prod: Assembly) -> None:
    tool = Path(sys.executable).parent / "cfn-lint"
    folders = (laptop.folder, prod.folder)
    templates = [path for folder in folders for path in folder.glob("*.template.json")]
    # W3005: the CDK writes dependencies that a reference already implies.
    command: list[str | Path] = [tool, "--ignore-checks", "W3005", "--", *templates]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout + done.stderr, done.returncode) == ("", 0)


def test_the_lakes_table_has_the_columns_of_the_events_and_finds_days_by_itself(
    prod: Assembly,
) -> None:
    (table,) = prod.of_type("AWS::Glue::Table").values()
    made = table["Properties"]["TableInput"]
    columns = [(each["Name"], each["Type"]) for each in made["StorageDescriptor"]["Columns"]]
    assert columns == [(each["name"], each["type"]) for each in json.loads(COLUMNS.read_text())]
    (stream,) = prod.of_type("AWS::KinesisFirehose::DeliveryStream").values()
    prefix = stream["Properties"]["ExtendedS3DestinationConfiguration"]["Prefix"]
    days = made["Parameters"]["storage.location.template"]["Fn::Join"][1][-1]
    assert prefix.replace("!{timestamp:yyyy-MM-dd}", "${day}") == days.lstrip("/")
    assert made["Parameters"]["projection.enabled"] == "true"
    assert [each["Name"] for each in made["PartitionKeys"]] == ["day"]
