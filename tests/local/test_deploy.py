import json
from pathlib import Path
from typing import Any

import pytest

from infra.local import ministack_gaps
from infra.local.aws import Aws
from infra.local.deploy import DeployFailed, Stack, deploy
from infra.local.ministack import MiniStack

URL = "http://127.0.0.1:1/live"


@pytest.fixture
def deployed(toy: Path, aws: Aws, tmp_path: Path) -> Stack:
    return up(toy, aws, tmp_path)


def up(assembly: Path, aws: Aws, tmp_path: Path) -> Stack:
    (stack,) = deploy(
        assembly,
        aws,
        bundles=tmp_path / "bundles",
        log=lambda _: None,
    )
    return stack


def mend(stack: Stack, aws: Aws) -> None:
    ministack_gaps.restore_table_settings(stack, aws.dynamodb)
    ministack_gaps.restore_function_settings(
        stack, addresses={"PUBLIC_URL": URL}, lambda_client=aws.functions
    )


def greet(stack: Stack, aws: Aws) -> dict[str, Any]:
    answer = aws.functions.invoke(
        FunctionName=stack.outputs["Greet"], Payload=b'{"hello": "world"}'
    )
    said: dict[str, Any] = json.loads(answer["Payload"].read())
    return said


def test_a_deployed_function_answers_and_sees_its_bundle_only(deployed: Stack, aws: Aws) -> None:
    assert greet(deployed, aws) == {
        "event": {"hello": "world"},
        "public_url": "https://api.example.com",
        "boto3": None,
    }


@pytest.mark.usefixtures("deployed")
def test_a_template_that_says_the_same_otherwise_is_no_change(
    toy: Path, aws: Aws, tmp_path: Path
) -> None:
    """As CDK does: in another order, or with other remarks."""
    (path,) = toy.glob("*.template.json")
    template = json.loads(path.read_text())
    path.write_text(json.dumps(dict(reversed(template.items()))))
    assert not up(toy, aws, tmp_path).changed
    template["Resources"]["Table"]["Metadata"] = {"remark": "anew"}
    path.write_text(json.dumps(template))
    again = up(toy, aws, tmp_path)
    assert again.outputs.keys() == template["Outputs"].keys()


def test_a_functions_exception_is_in_the_log_with_its_place(
    deployed: Stack, aws: Aws, emulator: MiniStack
) -> None:
    aws.functions.invoke(FunctionName=deployed.outputs["Greet"], Payload=b'{"fail": "of a kind"}')
    told = emulator.log.read_text()
    assert f"{deployed.outputs['Greet']} said:" in told
    assert "raise RuntimeError(event" in told
    assert "RuntimeError: of a kind" in told


def test_a_function_that_cannot_be_imported_says_where(
    toy: Path, aws: Aws, emulator: MiniStack, tmp_path: Path
) -> None:
    (tmp_path / "asset.greet" / "greet.py").write_text("import nowhere_to_be_found\n")
    aws.functions.invoke(FunctionName=up(toy, aws, tmp_path).outputs["Greet"])
    told = emulator.log.read_text()
    assert 'greet.py", line 1' in told
    assert "No module named 'nowhere_to_be_found'" in told


def test_an_unchanged_stack_is_left_alone_and_a_changed_one_is_not(
    deployed: Stack, toy: Path, aws: Aws, tmp_path: Path
) -> None:
    assert not up(toy, aws, tmp_path).changed
    (path,) = toy.glob("*.template.json")
    path.write_text(path.read_text().replace("api.example.com", "other.example.com"))
    again = up(toy, aws, tmp_path)
    assert again.changed
    assert again.outputs == deployed.outputs
    assert greet(again, aws)["public_url"] == "https://other.example.com"


def test_fixups_apply_what_the_template_wants_and_may_be_repeated(
    deployed: Stack, aws: Aws
) -> None:
    for _ in range(2):
        mend(deployed, aws)
    table = deployed.outputs["Table"]
    expiry = aws.dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    assert (expiry["TimeToLiveStatus"], expiry["AttributeName"]) == ("ENABLED", "ttl")
    backups = aws.dynamodb.describe_continuous_backups(TableName=table)
    recovery = backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    assert recovery["PointInTimeRecoveryStatus"] == "ENABLED"
    door = deployed.outputs["Greet"]
    reserved = aws.functions.get_function_concurrency(FunctionName=door)
    assert reserved["ReservedConcurrentExecutions"] == ministack_gaps.DOOR_CONCURRENCY
    assert greet(deployed, aws)["public_url"] == URL


def test_ref_of_a_secret_is_its_arn_as_on_aws(deployed: Stack) -> None:
    assert deployed.outputs["Secret"].startswith("arn:aws:secretsmanager:us-east-1:")


def test_a_refused_type_is_named(toy: Path, aws: Aws, tmp_path: Path) -> None:
    (path,) = toy.glob("*.template.json")
    path.write_text(path.read_text().replace("AWS::Lambda::Permission", "AWS::No::Such"))
    with pytest.raises(DeployFailed, match="AWS::No::Such"):
        up(toy, aws, tmp_path)
