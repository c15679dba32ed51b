"""Starts and stops MiniStack, the embedded AWS: one process group, nothing left behind.

It runs in an environment of its own making, since a Lambda worker inherits all of it, and in a
session of its own, so that Ctrl-C reaches us first and the state is saved before it ends.
"""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
from collections import deque
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from infra.local.aws import KEY, REGION
from infra.local.emulator import SAVE_INTERVAL, STOP_GRACE
from infra.local.ports import HOST, Ports, require_free_port

ROOT = Path(__file__).parents[2]
START_LIMIT = 60.0  # seconds; a loaded two-core machine needs about 3
SAVE_EVERY = 30.0  # seconds; a killed emulator forgets at most so much


class EmulatorFailed(Exception):
    """The embedded AWS did not come up; the message ends with the last lines of its log."""


class MiniStack:
    """The embedded AWS below `home`: state, temporary files, log.

    `keep` loads the state on start, and saves it every `save_every` seconds and on stop.
    `enforce_iam` makes each Lambda run as its role, and refuses what that role may not do.
    """

    def __init__(
        self,
        home: Path,
        *,
        ports: Ports,
        keep: bool = False,
        enforce_iam: bool = False,
        save_every: float = SAVE_EVERY,
    ) -> None:
        self.ports = ports
        self.endpoint = f"http://{HOST}:{ports.gateway}"
        self.log = home / "ministack.log"
        self._home = home
        self._temporary = home / "tmp"
        self._switches = {
            "PERSIST_STATE": str(int(keep)),
            "S3_PERSIST": str(int(keep)),
            "AUTH": str(enforce_iam).lower(),
        }
        if keep:
            self._switches[SAVE_INTERVAL] = str(save_every)
        self._process: subprocess.Popen[bytes] | None = None
        self._is_first_start = True

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start it; afterwards every service answers. A second start appends to the log.

        Raises:
            PortInUse: another process listens on its port.
            EmulatorFailed: it did not come up.

        """
        require_free_port(self.ports.gateway)
        self._temporary.mkdir(parents=True, exist_ok=True)
        mode = "wb" if self._is_first_start else "ab"
        self._is_first_start = False
        with self.log.open(mode) as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "infra.local.emulator"],
                cwd=ROOT,
                env=self._environment(),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self._wait_until_healthy(self._process)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the whole process group: ask first, so that it can save, then kill."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=STOP_GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            if process.stdin:
                process.stdin.close()

    @property
    def pid(self) -> int | None:
        """The process and its group; None while it is stopped."""
        return self._process.pid if self._process else None

    @property
    def has_ended(self) -> bool:
        """Did the process end by itself, or was it killed?"""
        return self._process is not None and self._process.poll() is not None

    @property
    def exit_text(self) -> str:
        """How the process ended: `signal 9`, or `exit code 1`."""
        code = self._process.returncode if self._process else None
        return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"

    @property
    def saved_text(self) -> str:
        """When the state was saved last, in words."""
        times = [path.stat().st_mtime for path in (self._home / "state").glob("*.json")]
        if not times:
            return "its beginning (nothing was saved yet)"
        saved_at = datetime.fromtimestamp(max(times), UTC)
        return f"{saved_at:%H:%M:%S} UTC, {time.time() - max(times):.0f} s ago"

    def save_soon(self) -> None:
        """Have the state saved now; does not wait for it."""
        if self._process and SAVE_INTERVAL in self._switches:
            self._process.send_signal(signal.SIGUSR1)

    def log_tail(self, lines: int = 15) -> str:
        """The last lines of the log."""
        with self.log.open(errors="replace") as log:
            return "".join(deque(log, maxlen=lines))

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self._home),
            "TMPDIR": str(self._temporary),
            "LANG": "C.UTF-8",
            "GATEWAY_PORT": str(self.ports.gateway),
            "BIND_HOST": HOST,
            "STATE_DIR": str(self._home / "state"),
            "S3_DATA_DIR": str(self._home / "s3"),
            "SMTP_HOST": f"{HOST}:{self.ports.mail_out}",
            "SFTP_ENABLED": "0",
            "IOT_MTLS_ENABLED": "0",
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": KEY,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            **self._switches,
        }

    def _wait_until_healthy(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_LIMIT
        while not self._is_healthy():
            if process.poll() is not None:
                raise EmulatorFailed(f"the embedded AWS ended at once:\n{self.log_tail()}")
            if time.monotonic() > deadline:
                raise EmulatorFailed(
                    f"the embedded AWS is not up after {START_LIMIT:.0f} s:\n{self.log_tail()}"
                )
            time.sleep(0.05)

    def _is_healthy(self) -> bool:
        connection = http.client.HTTPConnection(HOST, self.ports.gateway, timeout=2)
        try:
            connection.request("GET", "/_ministack/health")
            return connection.getresponse().status == http.client.OK
        except OSError:
            return False
        finally:
            connection.close()
