"""Starts and stops MiniStack, the embedded AWS: one process group, nothing left behind.

It runs in an environment of its own making, since a Lambda worker inherits all of it, and in a
session of its own, so that Ctrl-C reaches us first and the state is written before it goes.
"""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
from collections import deque
from pathlib import Path
from types import TracebackType
from typing import Self

from infra.local.aws import KEY, REGION
from infra.local.emulator import STOP_GRACE
from infra.local.ports import HOST, Ports, require_free_port

ROOT = Path(__file__).parents[2]
START_LIMIT = 60.0  # seconds; a loaded two-core machine needs about 3


class EmulatorFailed(Exception):
    """The embedded AWS did not come up, or went away; the message ends with its last words."""


class MiniStack:
    """The embedded AWS below `home`: state, temporary files, log.

    `keep` writes the state down on stop and reads it on start. `enforce_iam` makes each Lambda
    run as its role, and refuses what that role may not do.
    """

    def __init__(
        self, home: Path, *, ports: Ports, keep: bool = False, enforce_iam: bool = False
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
        self._process: subprocess.Popen[bytes] | None = None

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
        """Raises `PortTaken` or `EmulatorFailed`; afterwards every service answers."""
        require_free_port(self.ports.gateway)
        self._temporary.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
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
        """Ends the whole process group: asked first, so that it can save, then killed."""
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
        return self._process.pid if self._process else None

    def log_tail(self, lines: int = 15) -> str:
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
