"""The zips themselves: complete, the same for Lambda as for this machine, and no heavier."""

import json
import os
import subprocess
import sys
import tomllib
import zipfile
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import grimp
import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.loaders import Loader
from botocore.session import Session
from packaging.dependency_groups import resolve_dependency_groups
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from infra.bundling.bundles import (
    DEPLOY,
    HOST,
    ROOT,
    SERVICES,
    bundle,
    list_functions,
    package_names,
)

MOST_BYTES = 30_000_000
# Of each service a call that needs no arguments.
ASKED = {
    "dynamodb": "list_tables",
    "firehose": "list_delivery_streams",
    "logs": "describe_destinations",
    "s3": "list_buckets",
    "secretsmanager": "list_secrets",
    "ses": "get_send_quota",
    "sns": "list_topics",
    "sqs": "list_queues",
    "stepfunctions": "list_state_machines",
    "sts": "get_caller_identity",
}
# What a function finds in Lambda without asking, and nothing of this machine.
ENVIRONMENT = {"PATH": os.defpath, "AWS_DEFAULT_REGION": "us-east-1"}
IMPORT = "import sys; sys.path[:0] = [sys.argv[1]]; __import__(sys.argv[2] + '.handler')"


@pytest.mark.parametrize("function", list_functions())
def test_a_bundle_holds_all_that_its_function_imports(function: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(bundle(function, HOST)) as archive:
        archive.extractall(tmp_path)
    command = [sys.executable, "-I", "-S", "-c", IMPORT, str(tmp_path), function]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert (done.stderr, done.returncode) == ("", 0)


@cache
def imports() -> grimp.ImportGraph:
    return grimp.build_graph(
        "leadloop", *list_functions(), include_external_packages=True, cache_dir=None
    )


def named(group: str) -> set[str]:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    lines = resolve_dependency_groups(groups, group)
    return {canonicalize_name(Requirement(line).name) for line in lines}


@pytest.mark.parametrize("function", list_functions())
def test_a_group_names_just_what_its_function_imports_now_or_later(function: str) -> None:
    """Beyond the base, which comes with any of its parts."""
    provided = packages_distributions()
    reached = imports().find_upstream_modules(function, as_package=True)
    needed = {canonicalize_name(dist) for module in reached for dist in provided.get(module, ())}
    stubs = {dist for dist in needed if dist.startswith("types-")}
    assert needed - stubs - {"leadloop"} - named("base") == named(function) - named("base")


@pytest.mark.parametrize("function", list_functions())
def test_lambda_gets_the_packages_that_were_tried_here(function: str) -> None:
    assert package_names(function, DEPLOY) == package_names(function, HOST)


@pytest.mark.parametrize("function", list_functions())
def test_a_bundle_holds_its_own_function_and_no_command_line(function: str) -> None:
    with zipfile.ZipFile(bundle(function, HOST)) as archive:
        names = archive.namelist()
    assert f"{function}/handler.pyc" in names
    assert {name.partition("/")[0] for name in names} & set(list_functions()) == {function}
    assert not [name for name in names if name.startswith("leadloop/cli/")]
    assert len(set(names)) == len(names)


def test_of_the_library_a_bundle_holds_what_its_function_reaches() -> None:
    with zipfile.ZipFile(bundle("relay", HOST)) as archive:
        names = set(archive.namelist())
    assert {"leadloop/__init__.pyc", "leadloop/store/items.pyc"} <= names
    assert not [name for name in names if name.startswith("leadloop/intake/")]


def test_of_the_library_a_bundle_holds_the_data_of_each_package_that_its_function_reaches() -> None:
    library = ROOT / "shared"
    data = {
        path.relative_to(library).as_posix()
        for path in (library / "leadloop").rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    }
    assert "leadloop/quality/name_titles.json" in data
    with zipfile.ZipFile(bundle("mail_in", HOST)) as archive:
        names = set(archive.namelist())
    packages = {name.rpartition("/")[0] for name in names if "/__init__." in name}
    held = names & data
    assert held == {name for name in data if _package_of(library / name) in packages}
    assert "leadloop/intake/fields/phrases/values.txt" in held
    assert "leadloop/quality/name_titles.json" not in held
    with zipfile.ZipFile(bundle("admin", HOST)) as archive:
        assert data <= set(archive.namelist())
    with zipfile.ZipFile(bundle("relay", HOST)) as archive:
        assert not set(archive.namelist()) & data


def _package_of(data: Path) -> str:
    package = next(folder for folder in data.parents if (folder / "__init__.py").exists())
    return package.relative_to(ROOT / "shared").as_posix()


def test_lambdas_heaviest_bundle_stays_light() -> None:
    assert bundle("admin", DEPLOY).stat().st_size < MOST_BYTES


def test_a_zip_holds_compiled_modules_in_place_of_their_sources() -> None:
    with zipfile.ZipFile(bundle("relay", HOST)) as archive:
        names = archive.namelist()
    assert [name for name in names if name.endswith(".py") or "__pycache__" in name] == []


def test_compiled_code_is_taken_whatever_the_clock_says() -> None:
    """Bit 0 of the flags: by hash; bit 1 unset: and not even compared (PEP 552)."""
    with zipfile.ZipFile(bundle("relay", HOST)) as archive:
        compiled = [name for name in archive.namelist() if name.endswith(".pyc")]
        flags = {archive.read(name)[4:8] for name in compiled}
    assert len(compiled) > 400
    assert flags == {(0b01).to_bytes(4, "little")}


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Loader:
    """Botocore's descriptions as the bundle with the most of them has them."""
    folder = tmp_path_factory.mktemp("shipped")
    with zipfile.ZipFile(bundle("admin", HOST)) as archive:
        names = [name for name in archive.namelist() if name.startswith("botocore/data/")]
        archive.extractall(folder, names)
    where = str(folder / "botocore/data")
    return Loader(extra_search_paths=[where], include_default_search_paths=False)


def test_each_service_that_is_shipped_is_tried() -> None:
    assert set(ASKED) == SERVICES


@pytest.mark.parametrize("service", ASKED)
def test_a_service_is_described_as_botocore_does_without_its_manual(
    shipped: Loader, service: str
) -> None:
    ours, whole = load(shipped, service), load(Loader(), service)
    assert without_documentation(ours) == without_documentation(whole)
    assert len(json.dumps(ours)) < len(json.dumps(whole)) / 2


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1", "cn-north-1", "us-gov-west-1"])
@pytest.mark.parametrize(("service", "method"), ASKED.items())
def test_a_service_is_asked_where_botocore_asks_it(
    shipped: Loader, service: str, method: str, region: str
) -> None:
    ours, whole = (asked(loader, service, method, region) for loader in (shipped, Loader()))
    assert ours == whole


class Sent(Exception):
    """A request would have left."""


def asked(loader: Loader, service: str, method: str, region: str) -> str:
    """Where a call goes to, and what it says."""

    def leave(request: AWSPreparedRequest, **_: object) -> None:
        raise Sent(request.url, str(request.body))

    session = Session()
    session.register_component("data_loader", loader)
    client = session.create_client(
        service, region, aws_access_key_id="nobody", aws_secret_access_key="nothing"
    )
    client.meta.events.register("before-send", leave)
    with pytest.raises(Sent) as left:
        getattr(client, method)()
    return str(left.value)


def load(loader: Loader, service: str) -> dict[str, Any]:
    return dict(loader.load_service_model(service, "service-2"))


def without_documentation(described: Any) -> Any:
    match described:
        case dict():
            kept = {k: v for k, v in described.items() if (k, type(v)) != ("documentation", str)}
            return {name: without_documentation(value) for name, value in kept.items()}
        case list():
            return [without_documentation(each) for each in described]
        case _:
            return described
