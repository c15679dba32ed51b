"""The embedded AWS in a process of its own, asked over a local socket instead of HTTP.

It is MiniStack's own application with all its services. Only the web server in front of it is left
out: four fifths of what a call cost the emulator, and half of what it cost the caller, were HTTP.
Run as `python -m tests.invariants.emulator PATH`, it ends when its standard input does.
"""

import asyncio
import gc
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from infra.local.aws import KEY, REGION

ROOT = Path(__file__).parents[2]
START_LIMIT = 60.0  # seconds; about one on an idle machine
Request = tuple[str, str, str, list[tuple[bytes, bytes]], bytes]  # method, path, query, headers …
CPU_TIME = "SPENT"  # asks for no part of AWS, but for the seconds of processor it took
Answer = tuple[int, list[tuple[bytes, bytes]], bytes]


@contextmanager
def run_emulator(home: Path) -> Iterator[Path]:
    """The socket it listens on, below `home`, where its log is too."""
    path = home / "aws"
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "TMPDIR": str(home),
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": KEY,
        "AWS_DEFAULT_REGION": REGION,
        "LOG_LEVEL": "ERROR",
        "PERSIST_STATE": "0",
    }
    with (home / "emulator.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.invariants.emulator", str(path)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + START_LIMIT
        while not path.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                said = (home / "emulator.log").read_text(errors="replace")
                raise RuntimeError(f"the embedded AWS did not come up:\n{said[-3000:]}")
            time.sleep(0.02)
        yield path
    finally:
        process.kill()
        process.communicate()


def main() -> None:
    asyncio.run(_serve(sys.argv[1]))


async def _serve(path: str) -> None:
    from ministack.app import app  # noqa: PLC0415  seconds, and settings read on import

    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)  # it holds a table of items, which are no garbage
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), ended.set)
    running = set[asyncio.Task[None]]()

    def accept() -> None:
        caller, _ = door.accept()
        line = Connection(caller.detach())
        loop.add_reader(line.fileno(), hear, line)

    def hear(line: "Connection[Answer, Request]") -> None:
        try:
            request = line.recv()
        except (EOFError, ConnectionResetError):
            loop.remove_reader(line.fileno())
            line.close()
            return
        task = loop.create_task(_answer(app, line, request))
        running.add(task)
        task.add_done_callback(running.discard)

    with socket.socket(socket.AF_UNIX) as door:
        door.bind(f"{path}.new")
        door.listen(128)
        loop.add_reader(door.fileno(), accept)
        os.rename(f"{path}.new", path)  # noqa: PTH104  whoever waits for it finds it listening
        await ended.wait()


async def _answer(app: Any, line: "Connection[Answer, Request]", request: Request) -> None:
    """One call, by the protocol that every Python web application speaks (ASGI)."""
    method, path, query, headers, body = request
    if method == CPU_TIME:
        line.send((200, [], str(time.process_time()).encode()))
        return
    said: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(event: dict[str, Any]) -> None:
        said.append(event)

    scope = {
        "type": "http",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": headers,
        "client": ("127.0.0.1", 0),
    }
    await app(scope, receive, send)
    start, *rest = said
    answer = start["status"], start["headers"], b"".join(each.get("body", b"") for each in rest)
    try:
        line.send(answer)
    except BrokenPipeError:
        return  # the caller died meanwhile; what it asked for is done


if __name__ == "__main__":
    main()
