"""The vendors that the sample company asks, as far as this machine goes: files, by host and path.

`<gateway>/graph.facebook.com/v24.0/71` is answered with `graph.facebook.com/v24.0/71.json` below
`outside/`; a query is not looked at. What is not there is 404, as a vendor would say.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urlsplit

from infra.local.ports import HOST

FILES = Path(__file__).parent / "outside"
TYPES = {".json": "application/json", ".xml": "application/xml"}


class _VendorHandler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        wanted = (FILES / unquote(urlsplit(self.path).path).lstrip("/")).resolve()
        found = next(
            (
                each
                for each in (wanted, wanted.with_name(f"{wanted.name}.json"))
                if each.is_file() and each.is_relative_to(FILES)
            ),
            None,
        )
        body = found.read_bytes() if found else b"{}"
        kind = TYPES.get(found.suffix, "application/octet-stream") if found else TYPES[".json"]
        self.send_response(HTTPStatus.OK if found else HTTPStatus.NOT_FOUND)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@contextmanager
def serve_fake_vendors(port: int = 0) -> Iterator[str]:
    """Serves them; gives the address to ask at."""
    server = ThreadingHTTPServer((HOST, port), _VendorHandler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
