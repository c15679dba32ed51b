"""Starts a Lambda worker of the laptop run: finds the bundle, then runs MiniStack's own script.

MiniStack unpacks a function's zip for each worker, and keeps all zips in its memory and state. So
`deploy` publishes one line instead of a bundle: the folder where it is unpacked, once. It runs
under `python -I -S`: it sees the standard library and the bundle, nothing else.
"""

import os
import runpy
import sys
from pathlib import Path

POINTER = "bundle.path"  # the one file in a published zip: the bundle's folder, UTF-8


def main() -> None:
    """Put the bundle on the path, if the zip names one, and run the script."""
    pointer = Path.cwd() / POINTER
    if pointer.exists():
        bundle = pointer.read_text(encoding="utf-8")
        os.chdir(bundle)
        os.environ["LAMBDA_TASK_ROOT"] = bundle
        sys.path.insert(0, bundle)
    sys.argv = sys.argv[1:]
    runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main()
