"""Servers of other people on this machine: HTTP as the way out asks it, FTP, FTPS, SFTP."""

import asyncio
import logging
import os
import threading
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import asyncssh
import trustme
from OpenSSL import SSL
from OpenSSL._util import lib as openssl

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # it stands on asyncore
    from pyftpdlib.authorizers import DummyAuthorizer
    from pyftpdlib.handlers import FTPHandler, TLS_DTPHandler, TLS_FTPHandler
    from pyftpdlib.ioloop import IOLoop
    from pyftpdlib.servers import FTPServer

LOCALHOST = "127.0.0.1"
USER, PASSWORD = "leads", "drop-box-of-the-tests"


class WebResponse(NamedTuple):
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = {}


Responder = Callable[[str, Mapping[str, str]], WebResponse]


@contextmanager
def serve_http(answer: Responder) -> Iterator[str]:
    """Answers every GET by `answer(path, headers)`; gives the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said = answer(self.path, dict(self.headers.items()))
            self.send_response(said.status)
            for name, value in {"Content-Length": str(len(said.body)), **said.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said.body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer((LOCALHOST, 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://{LOCALHOST}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def serve_ftp(
    folder: Path,
    *,
    modern: bool = True,
    rights: str = "elr",
    lacks: Collection[str] = (),
    charset: str = "utf8",
) -> Iterator[int]:
    """The folder at `/in`; without MLSD where it is not `modern`, or what else it `lacks`.

    Gives the port.
    """
    logging.getLogger("pyftpdlib").setLevel(logging.ERROR)
    authorizer = DummyAuthorizer()
    authorizer.add_user(USER, PASSWORD, str(folder), perm=rights)
    gone = {*lacks, *(() if modern else ("MLSD", "MLST"))}
    known = {k: v for k, v in FTPHandler.proto_cmds.items() if k not in gone}

    class Handler(FTPHandler):
        auth_failed_timeout = 0  # seconds that a wrong password waits for its answer
        proto_cmds = known
        encoding = charset

    Handler.authorizer = authorizer
    with _serve(Handler) as port:
        yield port


@contextmanager
def serve_ftps(folder: Path, authority: trustme.CA, name: str = "drop.example") -> Iterator[int]:
    """As strict as they come: all in TLS, and data only in the session of the commands."""
    logging.getLogger("pyftpdlib").setLevel(logging.ERROR)
    authorizer = DummyAuthorizer()
    authorizer.add_user(USER, PASSWORD, str(folder))
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    certificate = authority.issue_cert(name)
    with certificate.private_key_and_cert_chain_pem.tempfile() as held:
        context.use_certificate_chain_file(held)
        context.use_privatekey_file(held)
    context.set_session_id(b"ftps")

    class Data(TLS_DTPHandler):
        def handle_ssl_established(self) -> None:
            if not openssl.SSL_session_reused(self.socket._ssl):
                self.cmd_channel.respond("522 SSL connection failed; session reuse required.")
                self.close()

    class Handler(TLS_FTPHandler):
        auth_failed_timeout = 0  # the same
        tls_control_required = tls_data_required = True
        ssl_context, dtp_handler = context, Data

    Handler.authorizer = authorizer
    with _serve(Handler) as port:
        yield port


@contextmanager
def _serve(handler: type[FTPHandler]) -> Iterator[int]:
    server = FTPServer((LOCALHOST, 0), handler, ioloop=IOLoop())  # else all of them share one
    ends = threading.Event()

    def serve() -> None:
        while not ends.is_set():
            server.serve_forever(timeout=0.02, blocking=False)
        server.close_all()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield server.socket.getsockname()[1]
    finally:
        ends.set()
        thread.join()


class SftpAddress(NamedTuple):
    port: int
    host_key: str


@contextmanager
def serve_sftp(folder: Path, client_key: str | None = None) -> Iterator[SftpAddress]:
    """The folder is the root; who shows the key or the password comes in."""
    host = asyncssh.generate_private_key("ssh-ed25519")

    class Server(asyncssh.SSHServer):
        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, password: str) -> bool:
            return (username, password) == (USER, PASSWORD)

        def public_key_auth_supported(self) -> bool:
            return client_key is not None

        def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
            return username == USER and key.export_public_key().decode() == client_key

    loop = asyncio.new_event_loop()

    async def listen() -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            LOCALHOST,
            0,
            server_factory=Server,
            server_host_keys=[host],
            sftp_factory=lambda chan: asyncssh.SFTPServer(chan, chroot=os.fsencode(folder)),
        )

    acceptor = loop.run_until_complete(listen())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield SftpAddress(acceptor.get_port(), host.export_public_key().decode().strip())
    finally:

        async def close() -> None:
            acceptor.close()
            await acceptor.wait_closed()

        asyncio.run_coroutine_threadsafe(close(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
