"""Stands in for the vendors that the sample company asks: answers with files, by host and path.

`<gateway>/graph.facebook.com/v24.0/71` is answered with `graph.facebook.com/v24.0/71.json` below
`outside/`; the query is ignored. Any other address is answered with 404, as vendors do.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import MappingProxyType
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from infra.local.ports import HOST

FILES = Path(__file__).parent / "outside"
TYPES = {".json": "application/json", ".xml": "application/xml"}


class _VendorHandler(BaseHTTPRequestHandler):
    made: ClassVar[Mapping[str, bytes]] = {}

    def do_GET(self) -> None:
        requested = (FILES / unquote(urlsplit(self.path).path).lstrip("/")).resolve()
        file = next(
            (
                each
                for each in (requested, requested.with_name(f"{requested.name}.json"))
                if each.is_file() and each.is_relative_to(FILES)
            ),
            None,
        )
        made = self.made.get(unquote(urlsplit(self.path).path).lstrip("/"))
        body = file.read_bytes() if file else made or b"{}"
        kind = TYPES.get(file.suffix, "application/octet-stream") if file else TYPES[".json"]
        self.send_response(HTTPStatus.OK if file or made else HTTPStatus.NOT_FOUND)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@contextmanager
def serve_fake_vendors(
    port: int = 0, made: Mapping[str, bytes] = MappingProxyType({})
) -> Iterator[str]:
    """Serve them; yields the address to ask. `made` are more files, by host and path."""
    handler = type("_RunHandler", (_VendorHandler,), {"made": made})
    server = ThreadingHTTPServer((HOST, port), handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
