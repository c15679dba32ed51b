"""Deploys a synthesised assembly to the embedded AWS: assets, then change sets, in order.

The same templates go to AWS by `cdk deploy`. Here plain boto3 does it in seconds, and needs neither
the CDK's command line nor a bootstrap stack. A stack whose template has not changed is left alone:
its hash is stored beside the assets. (As a tag of the stack it would change every tagged resource.)
"""

import hashlib
import io
import json
import shutil
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from botocore.exceptions import ClientError, WaiterError

from infra.local.aws import ACCOUNT, REGION, Aws
from infra.local.lambda_boot import POINTER

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient
    from types_boto3_s3 import S3Client

BOOTSTRAP_TYPE = "AWS::SSM::Parameter::Value<String>"
BOOTSTRAP = "30"  # a version newer than any that the templates ask for
UNUSED_LIFETIME = 3600.0  # seconds; another run may have them in use
NO_CHANGES = "didn't contain changes"  # the reason that a change set fails for, on AWS too
STACK_LIMIT = 180.0  # seconds for one stack; the whole system takes about five
Template = Mapping[str, Any]


class DeployFailed(Exception):
    """A stack was refused or rolled back; the message names the resources and why."""


@dataclass(frozen=True)
class Stack:
    """One deployed stack of the assembly: its outputs and resources; was it `changed`?"""

    name: str
    path: Path
    outputs: Mapping[str, str]
    resources: Mapping[str, str]  # logical id → physical id
    changed: bool

    @cached_property
    def template(self) -> Template:
        return read_json(self.path)


@dataclass(frozen=True)
class _Asset:
    bucket: str
    key: str
    source: Path
    folder: bool


def read_json(path: Path) -> dict[str, Any]:
    """The JSON object in a file."""
    loaded: dict[str, Any] = json.loads(path.read_text())
    return loaded


def deploy(
    assembly: Path,
    aws: Aws,
    *,
    bundles: Path,
    log: Callable[[str], None] = print,
) -> tuple[Stack, ...]:
    """Deploy every stack's template, in order; `bundles` is the folder of unpacked bundles.

    Raises:
        DeployFailed: a stack was refused or rolled back.

    """
    manifest = read_json(assembly / "manifest.json")["artifacts"]
    _publish(tuple(_assets(assembly, manifest)), aws.s3, bundles)
    delete_unused_bundles(bundles)
    deployed = []
    for artifact in _stacks_in_order(manifest):
        path = assembly / artifact["properties"]["templateFile"]
        name = artifact["properties"].get("stackName", artifact.get("displayName"))
        began = time.monotonic()
        _put_bootstrap_version(read_json(path), aws)
        stack = _deploy_stack(name, path, _template_location(artifact), aws.cloudformation, aws.s3)
        verb = "deployed" if stack.changed else "unchanged"
        log(f"  {name}: {verb} in {time.monotonic() - began:.1f} s")
        deployed.append(stack)
    return tuple(deployed)


def _stacks_in_order(manifest: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    graph = {name: artifact.get("dependencies", ()) for name, artifact in manifest.items()}
    for name in TopologicalSorter(graph).static_order():
        if manifest[name]["type"] == "aws:cloudformation:stack":
            yield manifest[name]


def _template_location(artifact: Mapping[str, Any]) -> tuple[str, str]:
    """Bucket and key of the published template."""
    url = _fill_placeholders(artifact["properties"]["stackTemplateAssetObjectUrl"])
    bucket, _, key = url.removeprefix("s3://").partition("/")
    return bucket, key


def _fill_placeholders(text: str) -> str:
    for placeholder, value in (
        ("AWS::AccountId", ACCOUNT),
        ("AWS::Region", REGION),
        ("AWS::Partition", "aws"),
    ):
        text = text.replace("${" + placeholder + "}", value)
    return text


def _put_bootstrap_version(template: Template, aws: Aws) -> None:
    """CDK's templates look up the version of a bootstrap stack, which nothing here needs."""
    for parameter in template.get("Parameters", {}).values():
        if parameter["Type"] == BOOTSTRAP_TYPE:
            aws.parameters.put_parameter(
                Name=parameter["Default"], Value=BOOTSTRAP, Type="String", Overwrite=True
            )


def _assets(assembly: Path, manifest: Mapping[str, Any]) -> Iterator[_Asset]:
    for artifact in manifest.values():
        if artifact["type"] != "cdk:asset-manifest":
            continue
        files = read_json(assembly / artifact["properties"]["file"]).get("files", {})
        for file in files.values():
            for destination in file["destinations"].values():
                yield _Asset(
                    bucket=_fill_placeholders(destination["bucketName"]),
                    key=destination["objectKey"],
                    source=(assembly / file["source"]["path"]).resolve(),
                    folder=file["source"]["packaging"] == "zip",
                )


def _publish(assets: tuple[_Asset, ...], s3: "S3Client", bundles: Path) -> None:
    for bucket in {asset.bucket for asset in assets}:
        s3.create_bucket(Bucket=bucket)
    for asset in assets:
        _publish_asset(asset, s3, bundles)


def _publish_asset(asset: _Asset, s3: "S3Client", bundles: Path) -> None:
    """A bundle is published as a pointer to its folder, see `lambda_boot`."""
    if asset.folder:
        body = _pointer(asset.source)
    elif asset.source.suffix == ".zip":
        body = _pointer(unpack_bundle(asset.source, bundles, Path(asset.key).stem))
    else:
        body = asset.source.read_bytes()
    s3.put_object(Bucket=asset.bucket, Key=asset.key, Body=body)


def unpack_bundle(bundle: Path, bundles: Path, name: str) -> Path:
    """Unpack the zip below `bundles/name` and return the folder.

    Bundles differ in little, so equal files are one file, linked: ten bundles take the time and
    the room of one.
    """
    folder, shared = bundles / name, bundles / "files"
    if folder.exists():
        folder.touch()  # still in use, see `delete_unused_bundles`
        return folder
    shared.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=bundles, prefix=".draft-") as drafts,
        zipfile.ZipFile(bundle) as archive,
    ):
        draft = Path(drafts) / name
        for entry in archive.infolist():
            path = draft / entry.filename
            path.parent.mkdir(parents=True, exist_ok=True)
            path.hardlink_to(_shared_file(archive, entry, shared))
        draft.rename(folder)
    return folder


def _shared_file(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, shared: Path) -> Path:
    path = shared / f"{entry.CRC:08x}-{entry.file_size}-{Path(entry.filename).name}"
    if not path.exists():
        with tempfile.NamedTemporaryFile(dir=shared, delete=False) as draft:
            draft.write(archive.read(entry))
        Path(draft.name).rename(path)
    return path


def delete_unused_bundles(bundles: Path) -> None:
    """Delete unpacked bundles that no deploy has used for an hour, and files that only they had."""
    limit = time.time() - UNUSED_LIFETIME
    for folder in bundles.glob("*"):
        if folder.name != "files" and folder.stat().st_mtime < limit:
            shutil.rmtree(folder, ignore_errors=True)
    for file in bundles.glob("files/*"):
        if file.stat().st_nlink == 1 and file.stat().st_ctime < limit:
            file.unlink(missing_ok=True)


def _pointer(folder: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(POINTER, str(folder))
    return packed.getvalue()


def _deploy_stack(
    name: str,
    path: Path,
    template: tuple[str, str],
    cloudformation: "CloudFormationClient",
    s3: "S3Client",
) -> Stack:
    bucket, key = template
    # CDK writes the same stack's outputs in another order from time to time.
    canonical = json.dumps(json.loads(path.read_bytes()), sort_keys=True)
    wanted_hash = hashlib.sha256(canonical.encode()).hexdigest()
    current = _describe_stack(name, cloudformation)
    settled = current.get("StackStatus", "").endswith(("CREATE_COMPLETE", "UPDATE_COMPLETE"))
    changed = not (settled and _deployed_hash(name, bucket, s3) == wanted_hash)
    if changed:
        if current and not settled:
            cloudformation.delete_stack(StackName=name)
            cloudformation.get_waiter("stack_delete_complete").wait(StackName=name)
        # Path style is the only one the embedded AWS reads a template by.
        url = f"https://s3.amazonaws.com/{bucket}/{key}"
        _run_change_set(name, url, "UPDATE" if settled else "CREATE", cloudformation)
        s3.put_object(Bucket=bucket, Key=f"deployed/{name}", Body=wanted_hash.encode())
    return Stack(
        name=name,
        path=path,
        outputs={
            output["OutputKey"]: output["OutputValue"]
            for output in _describe_stack(name, cloudformation).get("Outputs", ())
        },
        resources={
            resource["LogicalResourceId"]: resource["PhysicalResourceId"]
            for page in cloudformation.get_paginator("list_stack_resources").paginate(
                StackName=name
            )
            for resource in page["StackResourceSummaries"]
        },
        changed=changed,
    )


def _deployed_hash(name: str, bucket: str, s3: "S3Client") -> str | None:
    try:
        return s3.get_object(Bucket=bucket, Key=f"deployed/{name}")["Body"].read().decode()
    except s3.exceptions.NoSuchKey:
        return None


def _run_change_set(
    name: str,
    url: str,
    kind: Literal["CREATE", "UPDATE"],
    cloudformation: "CloudFormationClient",
) -> None:
    change = f"change-{time.time_ns()}"
    try:
        cloudformation.create_change_set(
            StackName=name,
            ChangeSetName=change,
            ChangeSetType=kind,
            TemplateURL=url,
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
        )
        cloudformation.get_waiter("change_set_create_complete").wait(
            StackName=name, ChangeSetName=change, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
        )
    except (ClientError, WaiterError) as error:
        if isinstance(error, WaiterError) and NO_CHANGES in str(error.last_response):
            return
        raise DeployFailed(f"{name}: the template was refused: {error}") from error
    cloudformation.execute_change_set(StackName=name, ChangeSetName=change)
    status = _await_status(name, cloudformation)
    if status not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
        raise DeployFailed(f"{name} is {status}:\n{_failed_resources(name, cloudformation)}")


def _await_status(name: str, cloudformation: "CloudFormationClient") -> str:
    deadline = time.monotonic() + STACK_LIMIT
    while True:
        status: str = _describe_stack(name, cloudformation).get("StackStatus", "gone")
        if not status.endswith("_IN_PROGRESS"):
            return status
        if time.monotonic() > deadline:
            raise DeployFailed(f"{name} is still {status} after {STACK_LIMIT:.0f} s")
        time.sleep(0.1)


def _describe_stack(name: str, cloudformation: "CloudFormationClient") -> Mapping[str, Any]:
    try:
        return cast(
            "Mapping[str, Any]", cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        )
    except ClientError as error:
        if "does not exist" in str(error):
            return {}
        raise


def _failed_resources(name: str, cloudformation: "CloudFormationClient") -> str:
    return "\n".join(
        f"  {event['LogicalResourceId']} ({event['ResourceType']}): "
        f"{event.get('ResourceStatusReason', '')}"
        for event in cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        if event["ResourceStatus"].endswith("FAILED")
    )
