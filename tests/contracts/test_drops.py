"""A drop is the same to us over FTP, old or new, FTPS and SFTP: tried against real servers."""

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import asyncssh
import pytest
import trustme

from leadloop.providers.drop import (
    MOST_FILES,
    Drop,
    DropFile,
    DropLocation,
    Login,
    newest_files,
    resolve_drop,
)
from leadloop.providers.ftp import parse_list_line
from leadloop.providers.http_json import NoAnswer
from leadloop.providers.open_drop import open_drop
from leadloop.providers.public_address import resolve_public_address
from tests.contracts.servers import LOCALHOST, PASSWORD, USER, serve_ftp, serve_ftps, serve_sftp

Opened = Callable[..., AbstractContextManager[Drop]]
KINDS = ("ftp", "old-ftp", "ftps", "sftp")


@pytest.fixture(params=KINDS)
def drop(request: pytest.FixtureRequest, tmp_path: Path, authority: trustme.CA) -> Iterator[Opened]:
    """Opens the folder `in` of a server of each kind."""
    (tmp_path / "in").mkdir()
    scheme = request.param.removeprefix("old-")
    key = None
    with ExitStack() as up:
        match request.param:
            case "sftp":
                port, key = up.enter_context(serve_sftp(tmp_path))
            case "ftps":
                port = up.enter_context(serve_ftps(tmp_path, authority))
            case kind:
                port = up.enter_context(serve_ftp(tmp_path, modern=kind == "ftp"))

        @contextmanager
        def open_(secret: str = PASSWORD, folder: str = "/in") -> Iterator[Drop]:
            place = resolve_drop(f"{scheme}://drop.example:{port}{folder}", lambda *_: LOCALHOST)
            with open_drop(place, Login(USER, secret), key) as found:
                yield found

        yield open_


def test_files_are_listed_and_no_folders(tmp_path: Path, drop: Opened) -> None:
    (tmp_path / "in/a.csv").write_bytes(b"name\nAda\n")
    (tmp_path / "in/Größe ü.json").write_bytes(b"{}")
    with drop() as folder:
        first = {file.name: file for file in folder.files()}
    assert {name: file.size for name, file in first.items()} == {"a.csv": 9, "Größe ü.json": 2}
    assert all(file.stamp for file in first.values())


def test_a_folder_inside_is_no_file(tmp_path: Path, drop: Opened) -> None:
    (tmp_path / "in/done").mkdir()
    (tmp_path / "in/b.csv").write_bytes(b"x")
    with drop() as folder:
        assert [file.name for file in folder.files()] == ["b.csv"]


@contextmanager
def strange(folder: Path, **server: Any) -> Iterator[Drop]:
    """An FTP server that is not like the others."""
    with serve_ftp(folder, **server) as port:
        place = resolve_drop(f"ftp://drop.example:{port}/", lambda *_: LOCALHOST)
        with open_drop(place, Login(USER, PASSWORD), None) as found:
            yield found


@pytest.mark.parametrize("lacks", [(), ("MLSD", "MLST"), ("MLSD", "MLST", "SIZE", "MDTM")])
@pytest.mark.parametrize("charset", ["utf8", "cp1252"])
def test_a_server_of_few_words_and_an_old_charset_gives_its_files_all_the_same(
    tmp_path: Path, lacks: tuple[str, ...], charset: str
) -> None:
    """Without sizes and times to ask for, what it tells people is read."""
    (tmp_path / "März  neu.csv").write_bytes(b"12345")
    (tmp_path / "done").mkdir()
    with strange(tmp_path, lacks=lacks, charset=charset) as folder:
        (file,) = folder.files()
        assert (file.name, file.size, bool(file.stamp)) == ("März  neu.csv", 5, True)
        assert folder.fetch(file, 10) == b"12345"


@pytest.mark.parametrize(
    ("line", "file"),
    [
        (
            "-rw-r--r--   1 ftp      ftp          4096 Nov 22 09:05 Leads Köln (2).csv",
            DropFile("Leads Köln (2).csv", 4096, "Nov 22 09:05"),
        ),
        ("-rwxrwxrwx 1 owner 12 Feb  3  2025 a.csv", DropFile("a.csv", 12, "Feb 3 2025")),
        (
            "11-22-26  09:05AM                 4096 A B.CSV",
            DropFile("A B.CSV", 4096, "11-22-26 09:05AM"),
        ),
        ("2026-11-22  09:05    4096 a.csv", DropFile("a.csv", 4096, "2026-11-22 09:05")),
        ("11-22-26  09:05AM       <DIR>          done", None),
        ("drwxr-xr-x   2 ftp      ftp          4096 Nov 22 09:05 done", None),
        ("lrwxrwxrwx   1 ftp      ftp             9 Nov 22 09:05 a -> /etc/passwd", None),
        ("-rw-r--r--   1 ftp      ftp          4096 Nov 22 09:05 ../a.csv", None),
        ("total 12", None),
    ],
)
def test_what_a_list_for_people_says_of_a_file(line: str, file: DropFile | None) -> None:
    assert parse_list_line(line) == file


def test_old_files_that_nobody_clears_away_hide_no_new_one() -> None:
    files = [DropFile(f"{n}.csv", 1, f"{n:09}") for n in range(MOST_FILES + 5)]
    found = newest_files(reversed(files))
    assert (len(found), found[0], found[-1]) == (MOST_FILES, files[5], files[-1])


def test_bytes_come_as_they_are(tmp_path: Path, drop: Opened) -> None:
    content = bytes(range(256)) * 2_000 + b"\r\n\n\r"
    (tmp_path / "in/all.bin").write_bytes(content)
    with drop() as folder:
        (file,) = folder.files()
        assert folder.fetch(file, len(content)) == content


def test_what_is_bigger_than_said_is_not_taken(tmp_path: Path, drop: Opened) -> None:
    (tmp_path / "in/big.csv").write_bytes(b"x" * 1_001)
    with drop() as folder:
        (file,) = folder.files()
        with pytest.raises(NoAnswer, match="more than 1000 bytes"):
            folder.fetch(file, 1_000)


def test_a_file_that_went_away_is_no_answer(drop: Opened) -> None:
    """And the next one is asked for all the same."""
    with drop() as folder:
        with pytest.raises(NoAnswer) as gone:
            folder.fetch(DropFile("gone.csv", 1, ""), 10)
        assert not gone.value.passing
        assert folder.files() == []


def test_a_wrong_login_opens_nothing(drop: Opened) -> None:
    with pytest.raises(NoAnswer), drop("wrong") as folder:
        folder.files()


def test_a_folder_that_is_not_there_is_no_answer(drop: Opened) -> None:
    with pytest.raises(NoAnswer), drop(folder="/nowhere") as folder:
        folder.files()


def test_a_server_that_shows_another_key_is_not_talked_to(tmp_path: Path) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    with serve_sftp(tmp_path) as (port, _):
        place = resolve_drop(f"sftp://drop.example:{port}/", lambda *_: LOCALHOST)
        with pytest.raises(NoAnswer, match="another's key"):
            open_drop(place, Login(USER, PASSWORD), other).__enter__()


def test_a_folder_that_may_not_be_listed_is_no_empty_one(tmp_path: Path) -> None:
    with serve_ftp(tmp_path, rights="er") as port:
        place = resolve_drop(f"ftp://drop.example:{port}/", lambda *_: LOCALHOST)
        with open_drop(place, Login(USER, PASSWORD), None) as folder, pytest.raises(NoAnswer):
            folder.files()


def test_a_private_key_opens_too(tmp_path: Path) -> None:
    ours = asyncssh.generate_private_key("ssh-ed25519")
    (tmp_path / "a.csv").write_bytes(b"x")
    with serve_sftp(tmp_path, ours.export_public_key().decode()) as (port, key):
        place = resolve_drop(f"sftp://drop.example:{port}/", lambda *_: LOCALHOST)
        with open_drop(place, Login(USER, ours.export_private_key().decode()), key) as folder:
            assert [file.name for file in folder.files()] == ["a.csv"]


@pytest.mark.parametrize("trusted", [True, False])
def test_a_server_that_shows_another_certificate_is_told_no_password(
    tmp_path: Path, authority: trustme.CA, *, trusted: bool
) -> None:
    """Be it of another name, or signed by nobody that we know."""
    signer, name = (authority, "other.example") if trusted else (trustme.CA(), "drop.example")
    with serve_ftps(tmp_path, signer, name) as port:
        place = resolve_drop(f"ftps://drop.example:{port}/", lambda *_: LOCALHOST)
        with pytest.raises(NoAnswer, match="another's certificate"):
            open_drop(place, Login(USER, PASSWORD), None).__enter__()


def test_nobody_there_is_no_answer(unused: int) -> None:
    for scheme in ("ftp", "ftps", "sftp"):
        place = DropLocation(scheme, "drop.example", LOCALHOST, unused, "/")
        key = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
        with pytest.raises(NoAnswer), open_drop(place, Login(), key):
            pass


def test_an_inner_address_is_not_connected_to() -> None:
    for host in ("127.0.0.1", "[::1]", "169.254.169.254", "10.0.0.1"):
        with pytest.raises(NoAnswer, match="no public address"):
            resolve_drop(f"sftp://{host}/", resolve_public_address)


@pytest.fixture
def unused() -> int:
    with socket.socket() as probe:
        probe.bind((LOCALHOST, 0))
        port: int = probe.getsockname()[1]
    return port
