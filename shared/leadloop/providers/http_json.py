"""HTTP to the outside: one request to one judged address, bounded in bytes and time.

No redirect is followed and nothing is tried again here: who asks knows whether that is safe.
Where the deployment has a gateway for outbound calls, it is asked in the address's stead, as
`<gateway>/<host>/<path>`; it alone may lie inside.
"""

import json
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.exceptions import HTTPError

from leadloop.providers.public_address import NotPublic, resolve_public_address

MOST_BYTES = 64 * 1024
CONNECT_TIMEOUT, READ_TIMEOUT, TOTAL_TIMEOUT = 3.0, 8.0, 15.0  # seconds
CHUNK_BYTES = 16 * 1024
RETRYABLE_STATUSES = frozenset({408, 425, 429, *range(500, 600)})  # what another try may mend


class NoAnswer(Exception):
    """Nobody answered, or not with what was asked for. `passing`: a later try may be luckier."""

    def __init__(self, why: str, *, passing: bool) -> None:
        super().__init__(why)
        self.why, self.passing = why, passing


class HttpReply(NamedTuple):
    """Header names in lower case; the body as it is after transport."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class HttpClient:
    """Sends requests. `gateway` is `http(s)://host[:port]`, or empty: straight to the address."""

    def __init__(
        self, gateway: str = "", resolve: Callable[[str, int], str] = resolve_public_address
    ) -> None:
        self._gateway, self._resolve = gateway.rstrip("/"), resolve

    def call(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        most: int = MOST_BYTES,
    ) -> HttpReply:
        """The answer, whatever its status.

        Raises:
            NoAnswer: there was none, it was too big, or the address may not be called.

        """
        target = urlsplit(url)
        if target.scheme != "https" or not target.hostname or target.username is not None:
            raise NoAnswer("not an https address", passing=False)
        path = (target.path or "/") + (f"?{target.query}" if target.query else "")
        pool, host, path = self._connection_pool(target.hostname, target.port or 443, path)
        try:
            with pool:
                return _send_request(
                    pool, method, path, {"Host": host, **(headers or {})}, body, most
                )
        except HTTPError as error:
            raise NoAnswer(f"no answer: {type(error).__name__}", passing=True) from error

    def get_json(
        self, url: str, *, headers: Mapping[str, str] | None = None, most: int = MOST_BYTES
    ) -> bytes:
        """The body of a good answer to GET, which is JSON.

        Raises:
            NoAnswer: as `call`, or another status, or no JSON.

        """
        reply = self.call(
            "GET", url, headers={"Accept": "application/json", **(headers or {})}, most=most
        )
        if reply.status != 200:
            raise NoAnswer(f"answered {reply.status}", passing=reply.status in RETRYABLE_STATUSES)
        try:
            json.loads(reply.body)
        except (ValueError, RecursionError) as error:
            raise NoAnswer("answered no JSON", passing=True) from error
        return reply.body

    def _connection_pool(
        self, host: str, port: int, path: str
    ) -> tuple[HTTPConnectionPool, str, str]:
        """Whom to connect to, the Host header, and the path asked for there."""
        wait = Timeout(connect=CONNECT_TIMEOUT, read=READ_TIMEOUT)
        named = host if port == 443 else f"{host}:{port}"
        if self._gateway:
            gate = urlsplit(self._gateway)
            kind = HTTPSConnectionPool if gate.scheme == "https" else HTTPConnectionPool
            pool = kind(gate.hostname or "", gate.port, timeout=wait, retries=False)
            return pool, gate.netloc, f"{gate.path}/{named}{path}"
        try:
            address = self._resolve(host, port)
        except NotPublic as error:
            raise NoAnswer(str(error), passing=False) from error
        pool = HTTPSConnectionPool(
            address,
            port,
            timeout=wait,
            retries=False,
            server_hostname=host,
            assert_hostname=host,
        )
        return pool, named, path


def _send_request(
    pool: HTTPConnectionPool,
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes | None,
    most: int,
) -> HttpReply:
    until = time.monotonic() + TOTAL_TIMEOUT
    answer = pool.urlopen(
        method,
        path,
        body=body,
        headers=dict(headers),
        redirect=False,
        retries=False,
        preload_content=False,
    )
    try:
        pieces: list[bytes] = []
        size = 0
        while piece := answer.read(CHUNK_BYTES):
            pieces.append(piece)
            size += len(piece)
            if size > most:
                raise NoAnswer(f"answered more than {most} bytes", passing=False)
            if time.monotonic() > until:
                raise NoAnswer("answered too slowly", passing=True)
    finally:
        answer.release_conn()
    named = {name.lower(): value for name, value in answer.headers.items()}
    return HttpReply(answer.status, named, b"".join(pieces))
