"""Many callers at one moment: the same call from several processes, begun together."""

import multiprocessing
import os
import sys
import traceback
from collections.abc import Callable
from datetime import datetime
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any, TypeVar

import admin.handler
import partners.handler
from leadloop.edge import act, clock
from tests.functions.aws_fixture import http_event
from tests.invariants.ours import bind_functions
from tests.invariants.site import PARTNER_KEY, Site
from tests.lambda_context import FakeLambdaContext

T = TypeVar("T")
FORK = multiprocessing.get_context("fork")
STORM_TIMEOUT = 120  # seconds for all of a storm
BUSY = 503
CONTEXT = FakeLambdaContext()
MANAGER = {"sub": "u-1", "cognito:groups": "admin"}


def run_together(site: Site, count: int, task: Callable[[int], T]) -> list[T]:
    """`task(n)` in `count` processes at once; what each found, in their order."""
    with bind_functions(site, site.wire.answer, clock.now):
        return _run_processes(count, task)


def _run_processes(count: int, task: Callable[[int], T]) -> list[T]:
    barrier = FORK.Barrier(count)
    storm = []
    for n in range(count):
        mine, theirs = FORK.Pipe(duplex=False)
        process = FORK.Process(target=_inside, args=(barrier, theirs, task, n))
        process.start()
        theirs.close()
        storm.append((process, mine))
    try:
        return [_json_body(mine) for _, mine in storm]
    finally:
        for process, _ in storm:
            process.kill()
            process.join()


def _inside(barrier: Barrier, answer: Connection, task: Callable[[int], T], n: int) -> None:
    with Path(os.devnull).open("w") as nowhere:
        sys.stdout = sys.stderr = nowhere  # the functions' own log lines
        try:
            barrier.wait(STORM_TIMEOUT)
            answer.send((True, task(n)))
        except Exception:  # noqa: BLE001  whatever it was, the test is to show it
            answer.send((False, traceback.format_exc()))
        os._exit(0)


def _json_body(answer: Connection) -> Any:
    if not answer.poll(STORM_TIMEOUT):
        raise TimeoutError("a caller had no answer")
    fine, said = answer.recv()
    if not fine:
        raise AssertionError(said)
    return said


def freeze_clock(moment: datetime) -> None:
    """In a storm: the clock of this process, which stands still."""
    for room in (clock, act):
        vars(room)["now"] = lambda: moment


def post_lead(body: str, key: str) -> tuple[int, str]:
    """What the partner is answered; who is told to try again does."""
    headers = {"content_type": "application/json", "x_api_key": PARTNER_KEY, "idempotency_key": key}
    while True:
        answer = partners.handler.handler(http_event("POST", "/v1/leads", body, **headers), CONTEXT)
        if answer["statusCode"] != BUSY:
            return answer["statusCode"], answer["body"]


def call_admin_api(
    method: str, path: str, body: str | None = None, **headers: str
) -> tuple[int, dict[str, list[str]], str]:
    """Status, headers and body of a call of the admin API."""
    event = http_event(method, path, body, content_type="application/json", **headers)
    event["requestContext"]["authorizer"] = {"claims": MANAGER}
    answer = admin.handler.handler(event, CONTEXT)
    return answer["statusCode"], answer["multiValueHeaders"], answer["body"]
