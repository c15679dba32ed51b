"""The zips themselves: complete, the same for Lambda as for this machine, and no heavier."""

import os
import subprocess
import sys
import tomllib
import zipfile
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import grimp
import pytest
from packaging.dependency_groups import resolve_dependency_groups
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from infra.bundles import DEPLOY, HOST, ROOT, bundle, functions, package_names

MOST_BYTES = 30_000_000
# What a function finds in Lambda without asking, and nothing of this machine.
ENVIRONMENT = {"PATH": os.defpath, "AWS_DEFAULT_REGION": "us-east-1"}
IMPORT = "import sys; sys.path[:0] = [sys.argv[1]]; __import__(sys.argv[2] + '.handler')"


@pytest.mark.parametrize("function", functions())
def test_a_bundle_holds_all_that_its_function_imports(function: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(bundle(function, HOST)) as archive:
        archive.extractall(tmp_path)
    command = [sys.executable, "-I", "-S", "-c", IMPORT, str(tmp_path), function]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert (done.stderr, done.returncode) == ("", 0)


@cache
def imports() -> grimp.ImportGraph:
    return grimp.build_graph("leadloop", *functions(), include_external_packages=True)


def named(group: str) -> set[str]:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    lines = resolve_dependency_groups(groups, group)
    return {canonicalize_name(Requirement(line).name) for line in lines}


@pytest.mark.parametrize("function", functions())
def test_a_group_names_just_what_its_function_imports_now_or_later(function: str) -> None:
    """Beyond the base, which comes with any of its parts."""
    provided = packages_distributions()
    reached = imports().find_upstream_modules(function, as_package=True)
    needed = {canonicalize_name(dist) for module in reached for dist in provided.get(module, ())}
    stubs = {dist for dist in needed if dist.startswith("types-")}
    assert needed - stubs - {"leadloop"} - named("base") == named(function) - named("base")


@pytest.mark.parametrize("function", functions())
def test_lambda_gets_the_packages_that_were_tried_here(function: str) -> None:
    assert package_names(function, DEPLOY) == package_names(function, HOST)


@pytest.mark.parametrize("function", functions())
def test_a_bundle_holds_its_own_function_and_no_command_line(function: str) -> None:
    with zipfile.ZipFile(bundle(function, HOST)) as archive:
        names = archive.namelist()
    assert f"{function}/handler.pyc" in names
    assert {name.partition("/")[0] for name in names} & set(functions()) == {function}
    assert not [name for name in names if name.startswith("leadloop/cli/")]
    assert len(set(names)) == len(names)


def test_of_the_library_a_bundle_holds_what_its_function_reaches() -> None:
    with zipfile.ZipFile(bundle("relay", HOST)) as archive:
        names = set(archive.namelist())
    assert {"leadloop/__init__.pyc", "leadloop/store/items.pyc"} <= names
    assert not [name for name in names if name.startswith("leadloop/intake/")]


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
