"""One zip per function, without Docker: its dependency group, its folder, and what both import.

Each target (a platform and a Python version) installs the union of all groups once, then prunes
and compiles it. Each function's zip takes from it the packages of its own group. Every step lies
below `build/`, under the hash of its input, so that nothing unchanged is built again.

A zip holds compiled modules in place of their sources: sources would be a third of its bytes, and
Python would compare them at each import. The .pyc files are `unchecked-hash` (PEP 552). Entries
are dated 1980, as Lambda tooling does; Python would reject .pyc files checked by that date, and
would compile again at every cold start.
"""

import csv
import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PathDistribution
from pathlib import Path
from typing import Literal

import grimp

from infra.bundling.botocore_data import strip_botocore_data
from leadloop.code_version import FILE_NAME, hash_code

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
DECIDING_MODULE = "leadloop/code_version"  # reached by each function that decides
RECIPE = "8"  # part of every hash: raise it when the recipe below changes
EPOCH = (1980, 1, 1, 0, 0, 0)

EXCLUDED_PACKAGES = {"dnspython"}  # email-validator needs it for look-ups that we never make
SERVICES = {  # of AWS, whose descriptions botocore needs in a bundle
    "dynamodb",
    "firehose",
    "logs",
    "s3",
    "secretsmanager",
    "ses",
    "sns",
    "sqs",
    "stepfunctions",
    "sts",
}
PRUNE_PATTERN = re.compile(
    r"""(^|/)__pycache__/ | (^|/)tests?/ | \.(pyi|pyx|pxi|h)$ | ^bin/
    | \.dist-info/(direct_url\.json$ | sboms/)
    | ^aws_lambda_powertools/utilities/(auth_alpha|batch|circuit_breaker|data_masking|feature_flags
      |idempotency|kafka|parameters|parser|streaming)/
    | ^aws_lambda_powertools/event_handler/openapi/swagger_ui/.*\.(js|css)$
    | ^babel/(global\.dat | locale-data/. | support\.)  # Liquid imports it, and asks it nothing
    | ^babel/messages/(extract|frontend|jslexer|mofile|pofile|setuptools_frontend)\.
    | ^pytz/zoneinfo/. | ^pydantic/(v1/|mypy\.)
    | ^lxml/(includes|isoschematron)/ | ^lxml/(objectify\.|html/(_difflib|diff)\.)
    | ^phonenumbers/((geodata|carrierdata)/. | shortdata/region_) | ^tzdata/zoneinfo/tzdata\.zi$
    | ^boto3/(data|examples)/ | ^botocore/data/.*/examples- | ^share/
    | ^wcwidth/(_wcwidth_c\. | table_grapheme_overrides/_known_)
    """,
    re.VERBOSE,
)
MODULE = re.compile(r"(/__init__)?\.pyc?$")
PACKAGE = re.compile(r"/__init__\.pyc?$")
UNSHIPPED_PATTERN = re.compile(r"(^|/)__pycache__/|^cli/")  # of our own sources


class BundleError(Exception):
    """A bundle cannot be built; the message says what failed."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a bundle runs.

    `version` is Python's, such as `3.13`; `platform` is a name of `uv pip install
    --python-platform`, and None is this machine.
    """

    name: str
    version: str
    platform: str | None = None

    def python(self) -> str | None:
        """The path of an interpreter of the target's version, which alone can compile for it.

        None if this machine has none.
        """
        return _python(self.version)


HOST = Target(name="host", version="{}.{}".format(*sys.version_info))
DEPLOY = Target(name="deploy", version="3.13", platform="aarch64-manylinux_2_34")


@cache
def _python(version: str) -> str | None:
    if version == HOST.version:
        return sys.executable
    interpreter = shutil.which(f"python{version}")
    trial = interpreter and subprocess.run(
        [interpreter, "-c", ""], capture_output=True, check=False
    )
    return interpreter if trial and trial.returncode == 0 else None


def list_functions() -> tuple[str, ...]:
    """The names of all functions, sorted: the folders of `functions/` that hold a handler."""
    return tuple(sorted(p.parent.name for p in (ROOT / "functions").glob("*/handler.py")))


def bundle(function: str, target: Target) -> Path:
    """Build the zip of one function, unless it is there already, and return its path.

    Raises:
        BundleError: The folder has no handler, or a package cannot be installed or compiled.

    """
    folder = ROOT / "functions" / function
    if not (folder / "handler.py").exists():
        message = f"functions/{function}/handler.py is missing"
        raise BundleError(message)
    library = _compile_sources(ROOT / "shared", "leadloop", target)
    function_sources = _compile_sources(ROOT / "functions", function, target)
    packages = _packages_zip(function, target)
    library_files = _needed_files(function, _files(library))
    contents = [part for name in library_files for part in (name, (library / name).read_bytes())]
    decides = any(_module_of(name, set()) == DECIDING_MODULE for name in library_files)
    version = hash_code(ROOT / "shared" / "leadloop", target.version) if decides else ""
    key = _hash(packages.name, function_sources.name, version, *contents)
    path = BUILD / target.name / "functions" / f"{function}-{key}.zip"

    def build(draft: Path) -> None:
        shutil.copyfile(packages, draft)
        with _zip(draft, "a", target) as archive:
            _add(archive, library, library_files)
            _add(archive, function_sources, _files(function_sources))
            if decides:
                _write(archive, f"leadloop/{FILE_NAME}", version.encode())

    _build_once(path, build)
    for old in path.parent.glob(f"{function}-*.zip"):
        if old != path:
            old.unlink(missing_ok=True)
    return path


def _needed_files(function: str, names: Iterable[str]) -> list[str]:
    """Our library's modules that the function imports now or later, and their packages' data."""
    reached = _imports().find_upstream_modules(function, as_package=True)
    parts = [module.split(".") for module in reached]
    modules = {"/".join(each[:n]) for each in parts for n in range(1, len(each) + 1)}
    names = list(names)
    packages = {name.rpartition("/")[0] for name in names if PACKAGE.search(name)}
    return [name for name in names if _module_of(name, packages) in modules]


def _module_of(name: str, packages: set[str]) -> str:
    """The path of a module; of a data file, that of the package whose folder holds it."""
    if MODULE.search(name):
        return MODULE.sub("", name)
    folders = (folder.as_posix() for folder in Path(name).parents)
    return next((folder for folder in folders if folder in packages), "")


@cache
def _imports() -> grimp.ImportGraph:
    return grimp.build_graph("leadloop", *list_functions(), cache_dir=None)


def package_names(function: str, target: Target) -> frozenset[str]:
    """The names of the distributions inside a function's bundle."""
    return frozenset(dist.name for dist in _distributions(function, target))


def _packages_zip(function: str, target: Target) -> Path:
    """The zip of a function's dependencies; functions with the same ones share it."""
    union = _install_union(target)
    dists = _distributions(function, target)
    key = _hash(union.name, *sorted(dist.name for dist in dists))

    def build(draft: Path) -> None:
        file_names = {name for dist in dists for name in _package_files(dist)}
        with _zip(draft, "w", target) as archive:
            _add(archive, union, (n for n in _files(union) if _source_of(n) in file_names))

    return _build_once(BUILD / target.name / "packages" / f"{key}.zip", build)


def _distributions(function: str, target: Target) -> list[PathDistribution]:
    names = set(_export_requirements(function))
    installed = (PathDistribution(info) for info in (_install_union(target)).glob("*.dist-info"))
    return [dist for dist in installed if _normalise_name(dist.name) in names]


def _package_files(dist: PathDistribution) -> Iterator[str]:
    """The files of a package, as its RECORD lists them."""
    return (row[0] for row in csv.reader((dist.read_text("RECORD") or "").splitlines()))


@cache
def _export_requirements(*groups: str) -> dict[str, str]:
    """Package name → locked requirement line, of all these dependency groups."""
    lock = (ROOT / "uv.lock").read_bytes() + (ROOT / "pyproject.toml").read_bytes()
    path = BUILD / "exports" / f"{_hash('-'.join(groups), lock)}.txt"

    def build(draft: Path) -> None:
        only = [part for group in groups for part in ("--only-group", group)]
        flags = ["--frozen", "--no-emit-project", "--no-hashes", "--no-header", "--no-annotate"]
        draft.write_text(_run([_uv(), "export", "--quiet", *flags, *only]))

    lines = _build_once(path, build).read_text().splitlines()
    requirements = {
        _normalise_name(re.split(r"[ =;\[]", line, maxsplit=1)[0]): line for line in lines if line
    }
    return {name: line for name, line in requirements.items() if name not in EXCLUDED_PACKAGES}


@cache
def _install_union(target: Target) -> Path:
    """The folder of all packages of all functions: installed, pruned, compiled."""
    requirements = _export_requirements("functions")
    python = target.python()
    key = _hash(
        *sorted(requirements.values()), f"{target} {python is not None}", PRUNE_PATTERN.pattern
    )

    def build(draft: Path) -> None:
        platform = ["--python-platform", target.platform] if target.platform else []
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as requirements_file:
            requirements_file.write("\n".join(requirements.values()))
            requirements_file.flush()
            _run(
                [
                    *(_uv(), "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:"),
                    *("--python-version", target.version, *platform),
                    *("--target", str(draft), "--requirement", requirements_file.name),
                ]
            )
        for name in _files(draft):
            if _is_pruned(name):
                (draft / name).unlink()
        for metadata in draft.glob("*.dist-info/METADATA"):
            metadata.write_text(metadata.read_text().partition("\n\n")[0])  # without the README
        strip_botocore_data(draft / "botocore/data")
        _compile(draft, python)

    return _build_once(BUILD / target.name / "union" / key, build)


def _is_pruned(name: str) -> bool:
    service = re.match("botocore/data/(.+?)/", name)
    if service is not None and service[1] not in SERVICES:
        return True
    return PRUNE_PATTERN.search(name) is not None


def _compile_sources(base: Path, folder: str, target: Target) -> Path:
    """A copy of our own sources in `folder` below `base`, compiled for the target."""
    python = target.python()
    names = [
        f"{folder}/{name}" for name in _files(base / folder) if not UNSHIPPED_PATTERN.search(name)
    ]
    contents = [part for name in names for part in (name, (base / name).read_bytes())]
    key = _hash(f"{target} {python is not None}", *contents)

    def build(draft: Path) -> None:
        for name in names:
            (draft / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(base / name, draft / name)
        _compile(draft, python)

    return _build_once(BUILD / target.name / "sources" / key, build)


def _compile(folder: Path, python: str | None) -> None:
    """Replace each source by its compiled module; without an interpreter, sources stay."""
    if python is None:
        return
    flags = ["-q", "-b", "-j0", "--invalidation-mode", "unchecked-hash", "-s", str(folder)]
    _run([python, "-I", "-m", "compileall", *flags, str(folder)])
    for compiled in folder.rglob("*.pyc"):
        compiled.with_suffix(".py").unlink(missing_ok=True)


def _files(folder: Path) -> list[str]:
    """The names of all files below a folder, sorted: the same order on every machine."""
    return sorted(
        Path(parent, name).relative_to(folder).as_posix()
        for parent, _, names in os.walk(folder)
        for name in names
    )


def _source_of(name: str) -> str:
    """The name a file has in its package's RECORD, which lists .py files and no .pyc."""
    return re.sub(r"\.pyc$", ".py", name)


def _zip(path: Path, mode: Literal["a", "w"], target: Target) -> zipfile.ZipFile:
    """Open a zip: compressed well for Lambda, and quickly for this machine."""
    level = 6 if target.platform else 1
    return zipfile.ZipFile(path, mode, zipfile.ZIP_DEFLATED, compresslevel=level)


def _add(archive: zipfile.ZipFile, base: Path, names: Iterable[str]) -> None:
    for name in names:
        if name.endswith(".dist-info/RECORD"):
            continue
        _write(archive, name, (base / name).read_bytes())


def _write(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.external_attr = (0o755 if name.endswith(".so") else 0o644) << 16
    archive.writestr(entry, data, zipfile.ZIP_DEFLATED, archive.compresslevel)


def _build_once(path: Path, build: Callable[[Path], None]) -> Path:
    """Build into a draft beside `path` and move it there, so that nobody reads half a build."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".draft-") as drafts:
            draft = Path(drafts) / path.name
            build(draft)
            if not path.exists():
                draft.replace(path)
    return path


def _hash(*parts: str | bytes) -> str:
    digest = hashlib.sha256(RECIPE.encode())
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode()
        digest.update(len(data).to_bytes(8) + data)
    return digest.hexdigest()[:16]


def _normalise_name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _uv() -> str:
    return str(Path(sysconfig.get_path("scripts")) / "uv")


def _run(command: list[str]) -> str:
    env = {**os.environ, "UV_LINK_MODE": "copy"}
    completed = subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    if completed.returncode != 0:
        message = (
            f"{' '.join(command[:4])}…: {(completed.stdout + completed.stderr).strip()[-2000:]}"
        )
        raise BundleError(message)
    return completed.stdout


def main() -> None:
    """Build every function for this machine, with `deploy` also for Lambda, and print its size."""
    targets = [HOST, DEPLOY] if "deploy" in sys.argv[1:] else [HOST]
    with ThreadPoolExecutor(2) as pool:
        for target in targets:
            paths = pool.map(lambda name, at=target: bundle(name, at), list_functions())
            for name, path in zip(list_functions(), paths, strict=True):
                print(f"{target.name:7}{name:10}{path.stat().st_size / 1e6:6.1f} MB")


if __name__ == "__main__":
    main()
