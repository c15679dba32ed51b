"""Outbound HTTP: one request to one checked address, bounded in bytes and time.

No redirect is followed and nothing is retried here: only the caller knows whether that is safe. A
deployment may have a gateway for outbound calls. Then requests go to `<gateway>/<host>/<path>`;
only the gateway may have a private address.
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
RETRYABLE_STATUSES = frozenset({408, 425, 429, *range(500, 600)})  # a later try may succeed


class NoAnswer(Exception):
    """There was no usable answer. `passing`: a later try may succeed."""

    def __init__(self, why: str, *, passing: bool) -> None:
        super().__init__(why)
        self.why, self.passing = why, passing


class HttpReply(NamedTuple):
    """An answer: header names in lower case, the body without its transfer encoding."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class HttpClient:
    """Sends requests. `gateway` is `http(s)://host[:port]`; empty: straight to the address."""

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
        """The answer, with any status. `most` is the largest body in bytes.

        Raises:
            NoAnswer: there was none, it was too large, or the address may not be called.

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
        """The JSON body of a GET's answer with status 200. `most` is its largest size in bytes.

        Raises:
            NoAnswer: as in `call`, or the answer has another status or no JSON.

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
        """The pool to connect with, the Host header, and the path to request."""
        wait = Timeout(connect=CONNECT_TIMEOUT, read=READ_TIMEOUT)
        authority = host if port == 443 else f"{host}:{port}"
        if self._gateway:
            gate = urlsplit(self._gateway)
            kind = HTTPSConnectionPool if gate.scheme == "https" else HTTPConnectionPool
            pool = kind(gate.hostname or "", gate.port, timeout=wait, retries=False)
            return pool, gate.netloc, f"{gate.path}/{authority}{path}"
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
        return pool, authority, path


def _send_request(
    pool: HTTPConnectionPool,
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes | None,
    most: int,
) -> HttpReply:
    deadline = time.monotonic() + TOTAL_TIMEOUT
    response = pool.urlopen(
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
        while piece := response.read(CHUNK_BYTES):
            pieces.append(piece)
            size += len(piece)
            if size > most:
                raise NoAnswer(f"answered more than {most} bytes", passing=False)
            if time.monotonic() > deadline:
                raise NoAnswer("answered too slowly", passing=True)
    finally:
        response.release_conn()
    headers_by_name = {name.lower(): value for name, value in response.headers.items()}
    return HttpReply(response.status, headers_by_name, b"".join(pieces))
