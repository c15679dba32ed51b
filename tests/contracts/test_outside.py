"""Asking outside, over real sockets of this machine: TLS, redirects, sizes, who is not called."""

import json
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from leadloop.intake.captchas import CAPTCHAS, CaptchaProvider
from leadloop.intake.policy import FormSource
from leadloop.intake.public_sources import CaptchaRow
from leadloop.model.provider_check import CheckRef, ProviderAnswer, ProviderFailure
from leadloop.providers.checks import ProviderChecks
from leadloop.providers.http_json import HttpClient, NoAnswer

NAME = "graph.example"


class Peer(BaseHTTPRequestHandler):
    """Says what was asked of it; some paths misbehave."""

    def do_GET(self) -> None:
        match self.path.partition("?")[0]:
            case "/away":
                self.answer(302, b"", Location="https://elsewhere.example/")
            case "/huge":
                self.answer(200, b"x" * 70_000)
            case "/broken":
                self.answer(200, b"<html>")
            case "/gone":
                self.answer(404, b"{}")
            case "/tired":
                self.answer(503, b"{}")
            case _:
                said = f'{{"host": "{self.headers["Host"]}", "path": "{self.path}"}}'
                self.answer(200, said.encode())

    def do_POST(self) -> None:
        said = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.answer(200, json.dumps({"success": said.get("response") == ["good"], **said}).encode())

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def serving(context: ssl.SSLContext | None = None) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Peer)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of `graph.example`, signed by itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "peer.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


@pytest.fixture(scope="module")
def secure(certificate: Path) -> Iterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    yield from serving(context)


@pytest.fixture(scope="module")
def plain() -> Iterator[int]:
    yield from serving()


@pytest.fixture
def outside(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> HttpClient:
    """Every name leads to this machine, as if it were a public address."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    return HttpClient(resolve=lambda _host, _port: "127.0.0.1")


def test_the_connection_goes_to_the_judged_address_and_speaks_to_the_name(
    outside: HttpClient, secure: int
) -> None:
    said = outside.get_json(f"https://{NAME}:{secure}/v1/7?fields=a")
    assert said == f'{{"host": "{NAME}:{secure}", "path": "/v1/7?fields=a"}}'.encode()


def test_a_certificate_of_another_name_is_no_answer(outside: HttpClient, secure: int) -> None:
    with pytest.raises(NoAnswer) as found:
        outside.get_json(f"https://other.example:{secure}/")
    assert found.value.passing


def test_no_redirect_is_followed(outside: HttpClient, secure: int) -> None:
    assert outside.call("GET", f"https://{NAME}:{secure}/away").status == 302


@pytest.mark.parametrize(
    ("path", "why", "passing"),
    [
        ("huge", "more than", False),
        ("broken", "no JSON", True),
        ("gone", "404", False),
        ("tired", "503", True),
        ("away", "302", False),
    ],
)
def test_what_is_no_good_answer_says_whether_another_try_may_help(
    outside: HttpClient, secure: int, path: str, why: str, *, passing: bool
) -> None:
    with pytest.raises(NoAnswer, match=why) as found:
        outside.get_json(f"https://{NAME}:{secure}/{path}")
    assert found.value.passing is passing


@pytest.mark.parametrize(
    "url",
    [
        "http://graph.example/",
        "https://user:word@graph.example/",
        "https:///nowhere",
        "file:///etc/passwd",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0177.0.0.1/",
        "https://[::ffff:127.0.0.1]/",
        "https://localhost/",
    ],
)
def test_what_is_no_public_https_address_is_never_called(url: str) -> None:
    with pytest.raises(NoAnswer) as found:
        HttpClient().get_json(url)
    assert not found.value.passing


def test_a_gateway_is_asked_in_the_addresss_stead(plain: int) -> None:
    outside = HttpClient(gateway=f"http://127.0.0.1:{plain}")
    said = outside.get_json("https://graph.example/v1/7?fields=a")
    assert said.endswith(b'"path": "/graph.example/v1/7?fields=a"}')


def test_a_gateway_that_is_down_is_tried_again_later() -> None:
    with pytest.raises(NoAnswer) as found:
        HttpClient(gateway="http://127.0.0.1:9").get_json("https://graph.example/")
    assert found.value.passing


def captchas(plain: int, provider: CaptchaProvider) -> ProviderChecks:
    """Asking on behalf of a form with one; there is one secret."""
    row = CaptchaRow(provider=provider, site_key="public", secret="own-key")
    form = FormSource(
        kind="form", id="f", product_line="p", country="DE", language="en", captcha=row
    )
    return ProviderChecks(
        http=HttpClient(f"http://127.0.0.1:{plain}"),
        source={"f": form, "g": form.but(captcha=row.but(secret="other"))}.get,
        secret={"own-key": "hush"}.get,
        clock=lambda: datetime.now(UTC),
    )


@pytest.mark.parametrize("provider", CAPTCHAS)
def test_a_captcha_is_asked_with_our_key_and_its_token(
    plain: int, provider: CaptchaProvider
) -> None:
    ref = CheckRef(provider, "f", "good")
    answer = captchas(plain, provider)([ref])[ref]
    assert isinstance(answer, ProviderAnswer)
    said = json.loads(answer.body)
    assert said == {"success": True, "secret": ["hush"], "response": ["good"]}


def test_a_captcha_whose_key_is_not_there_is_not_asked(plain: int) -> None:
    ref = CheckRef("turnstile", "g", "good")
    answer = captchas(plain, "turnstile")([ref])[ref]
    assert isinstance(answer, ProviderFailure)
    assert "no secret other" in answer.why
