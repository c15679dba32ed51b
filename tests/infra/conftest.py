"""The laptop's and production's templates, synthesised once for all tests here."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

import infra.app
from infra.bundling.bundles import HOST
from infra.deployments import LAPTOP, PROD, Deployment

import aws_cdk as cdk  # isort: skip  after infra, which says where Node is
from cdk_nag import AwsSolutionsChecks  # isort: skip

Resource = Mapping[str, Any]


@dataclass(frozen=True)
class Assembly:
    """`resources` are of all its stacks together, by stack and logical id."""

    folder: Path

    @property
    def templates(self) -> dict[str, Any]:
        return {
            path.name.partition(".")[0]: json.loads(path.read_text())
            for path in sorted(self.folder.glob("*.template.json"))
        }

    @property
    def resources(self) -> dict[str, Resource]:
        return {
            f"{stack}/{logical_id}": resource
            for stack, template in self.templates.items()
            for logical_id, resource in template["Resources"].items()
        }

    def of_type(self, kind: str) -> dict[str, Resource]:
        return {name: each for name, each in self.resources.items() if each["Type"] == kind}

    def statements(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Of each role's policies; actions and resources as lists."""
        for name, policy in self.of_type("AWS::IAM::Policy").items():
            for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
                yield (
                    name,
                    {
                        **statement,
                        "Action": _as_list(statement["Action"]),
                        "Resource": _as_list(statement["Resource"]),
                    },
                )


def _as_list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _synthesise(folder: Path, deployment: Deployment, *, nag: bool = False) -> Assembly:
    app = cdk.App(
        context=infra.app.FLAGS, outdir=str(folder), builtin_cloud_formation_validation=False
    )
    infra.app.build_stacks(app, deployment)
    if nag:
        cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
        with pytest.raises(RuntimeError, match="ValidationFailed"):
            app.synth()
    else:
        app.synth()
    return Assembly(folder)


@pytest.fixture(scope="session")
def laptop(tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    return _synthesise(tmp_path_factory.mktemp("laptop"), LAPTOP)


@pytest.fixture(scope="session")
def prod(tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    """With the report of cdk-nag beside the templates; it always finds what we accept."""
    here = replace(PROD, target=HOST)  # the zips differ, not the templates
    return _synthesise(tmp_path_factory.mktemp("prod"), here, nag=True)
