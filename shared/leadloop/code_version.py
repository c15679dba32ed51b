"""The version of the code that decides: one hash of its sources, the lock and Python's version.

A bundle holds compiled modules, so the hash of its sources is written into it when it is built. A
checkout works it out.
"""

import hashlib
import sys
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent
FILE_NAME = "code_version.txt"  # in a bundle
HASH_LENGTH = 16
UNUSED_FOLDERS = {"__pycache__", "cli"}  # what decides nothing


@cache
def code_version() -> str:
    """The hash of the code in this process, in hex."""
    stored = PACKAGE / FILE_NAME
    if stored.exists():
        return stored.read_text().strip()
    return hash_code(PACKAGE, "{}.{}".format(*sys.version_info))


def hash_code(package: Path, python: str) -> str:
    """The hash of the package's files, of the lock of its checkout, and of Python's version."""
    digest = hashlib.sha256(python.encode())
    for path in sorted(package.rglob("*")):
        if path.is_file() and not UNUSED_FOLDERS & set(path.relative_to(package).parts):
            digest.update(f"{path.relative_to(package).as_posix()}\0".encode() + path.read_bytes())
    lock = package.parents[1] / "uv.lock"
    if lock.exists():
        digest.update(lock.read_bytes())
    return digest.hexdigest()[:HASH_LENGTH]
