"""The embedded AWS's own process; `infra.local.ministack` starts it as `python -m`.

It differs from plain `ministack` in five points. It ends when its starter does: the starter holds
the other end of standard input. Its process group goes with it, so no Lambda worker is left. The
workers run by an interpreter that sees the bundle and the standard library only: what the virtual
environment holds cannot hide a hole in a bundle. `ministack_patches` corrects what would hide a
wrong policy. `state_saver` saves the state while it runs.
"""

import os
import signal
import sys
import threading
import time
from pathlib import Path

STOP_GRACE = 15.0  # seconds to save the state before the group is killed
SAVE_INTERVAL = "STATE_SAVE_SECONDS"  # the variable; without it, the state is saved on the end only


def write_bare_interpreter(folder: Path) -> Path:
    """Write a command that runs this Python without site-packages or `PYTHON*` variables."""
    command = folder / "lambda-python"
    boot = Path(__file__).with_name("lambda_boot.py")
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "{boot}" "$@"\n')
    command.chmod(0o755)
    return command


def exit_with_parent() -> None:
    """Wait until the starter's end of standard input closes, then end the process group."""
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(STOP_GRACE)
    os.killpg(0, signal.SIGKILL)


def main() -> None:
    """Serve until SIGTERM, then end the whole process group."""
    threading.Thread(target=exit_with_parent, daemon=True).start()
    sys.executable = str(write_bare_interpreter(Path(os.environ["TMPDIR"])))
    sys.argv = ["ministack"]
    from ministack.app import main as serve  # noqa: PLC0415  it reads its settings on import

    from infra.local import ministack_patches  # noqa: PLC0415  the same

    ministack_patches.apply_patches()
    if interval := os.environ.get(SAVE_INTERVAL):
        from infra.local.state_saver import StateSaver  # noqa: PLC0415  the same

        StateSaver(float(interval)).start()
    try:
        serve()
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.killpg(0, signal.SIGTERM)


if __name__ == "__main__":
    main()
