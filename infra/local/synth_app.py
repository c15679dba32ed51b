"""Synthesises the laptop's stacks in a process of its own; prints a line for each step.

The bundles are built first, one line each: they take most of the time. `infra.app` finds them then.
"""

import sys
from concurrent.futures import ThreadPoolExecutor, as_completed

from infra.bundling.bundles import HOST, bundle, list_functions

DEPLOYMENT = "laptop"
THREADS = 2  # the first run shares a step that all bundles need; more threads would only wait


def main() -> None:
    """Build all bundles, then the templates below CDK_OUTDIR."""
    names = list_functions()
    print("packages of all functions: installed and compiled", flush=True)
    bundle(names[0], HOST)
    with ThreadPoolExecutor(THREADS) as pool:
        builds = {pool.submit(bundle, name, HOST): name for name in names}
        for number, build in enumerate(as_completed(builds), 1):
            megabytes = build.result().stat().st_size / 1e6
            print(
                f"bundle {number} of {len(names)}: {builds[build]}, {megabytes:.1f} MB", flush=True
            )
    print("CDK: starting", flush=True)
    from infra import app  # noqa: PLC0415  it takes seconds; lines come first

    print("CDK: building the stacks", flush=True)
    sys.argv = [sys.argv[0], DEPLOYMENT]
    app.main()


if __name__ == "__main__":
    main()
