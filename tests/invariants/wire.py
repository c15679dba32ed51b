"""From botocore to the emulator: a request as it would leave, answered over a local socket."""

import io
import json
import os
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from multiprocessing.connection import Client, Connection
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import botocore
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.loaders import Loader, create_loader
from botocore.session import Session, get_session

from infra.local.aws import KEY, REGION
from tests.invariants.emulator import CPU_TIME, Answer, Request

ENDPOINT = "http://127.0.0.1"  # nothing listens there: whoever asks is answered before
PLAIN = Config(parameter_validation=False, user_agent="ledger")  # what costs nothing is left out


class Body(io.BytesIO):
    """What botocore reads an answer from."""

    def stream(self, **_: object) -> Iterator[bytes]:
        yield self.read()


class Wire:
    """`path` is the emulator's socket. Each process has a line of its own, also after a fork."""

    def __init__(self, path: Path) -> None:
        self._path = str(path)
        self._line: Connection[Any, Any] | None = None
        self._owner = 0

    def ask(self, request: AWSPreparedRequest) -> AWSResponse:
        """Whatever AWS says."""
        url = urlsplit(request.url)
        headers = [
            (name.encode(), value if isinstance(value, bytes) else str(value).encode())
            for name, value in request.headers.items()
            if name.lower() != "content-length"  # a local message knows its length
        ]
        headers.append((b"host", b"127.0.0.1"))
        status, said, body = self._parse_json(
            (request.method, url.path, url.query, headers, _bytes(request.body))
        )
        named: Any = {name.decode().lower(): value.decode() for name, value in said}
        return AWSResponse(request.url, status, named, Body(body))

    def call_json_service(self, target: str, **asked: Any) -> dict[str, Any]:
        """A JSON service's answer as it lies in the message: bytes are base64 text.

        The checker reads whole tables, and botocore takes ten times as long to look at an answer.
        """
        headers = [(b"x-amz-target", target.encode()), (b"host", b"127.0.0.1")]
        status, _, body = self._parse_json(("POST", "/", "", headers, json.dumps(asked).encode()))
        answer: dict[str, Any] = json.loads(body)
        if status != 200:
            raise RuntimeError(f"{target} was answered {status}: {answer}")
        return answer

    def object_at(self, bucket: str, key: str) -> bytes:
        """What S3 holds there."""
        path = f"/{bucket}/{quote(key)}"
        status, _, body = self._parse_json(("GET", path, "", [(b"host", b"127.0.0.1")], b""))
        if status != 200:
            raise LookupError(f"{path} was answered {status}")
        return body

    def cpu_seconds(self) -> float:
        """Seconds of processor that the emulator took till now."""
        return float(self._parse_json((CPU_TIME, "", "", [], b""))[2])

    def _parse_json(self, asked: Request) -> Answer:
        if self._line is None or self._owner != os.getpid():
            self._line, self._owner = Client(self._path, "AF_UNIX"), os.getpid()
        self._line.send(asked)
        answer: Answer = self._line.recv()
        return answer

    def client(self, service: str) -> Any:
        """One that knows no faults, for the checker itself."""
        return self._session.create_client(
            service, region_name=REGION, endpoint_url=ENDPOINT, config=PLAIN
        )

    @cached_property
    def _session(self) -> Session:
        return build_session(self.answer)

    def answer(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        """As botocore's hook: every request is answered as it comes."""
        return self.ask(request)


def build_session(on_request: Callable[..., Any]) -> Session:
    """What clients are made from; each of their requests ends in `on_request`, unsigned."""
    made = get_session()
    made.set_credentials(KEY, KEY)
    made.register_component("data_loader", _descriptions())
    made.set_config_variable("parameter_validation", False)
    made.register("before-send", on_request)
    made.register("choose-signer", lambda **_: botocore.UNSIGNED)
    return made


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    return bytes(body) if isinstance(body, bytes | bytearray) else bytes(body.read())


@cache
def _descriptions() -> Loader:
    """Of all services, each read once for all sessions."""
    return create_loader()
