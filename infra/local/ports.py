"""The ports that the laptop run listens on, and the process that holds one already."""

import socket
from contextlib import ExitStack
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Self

HOST = "127.0.0.1"
OTHER_PORTS = "`make run PORT=5566` takes the ports 5566 to 5569 instead"
EMULATOR = "infra.local.emulator"
LISTENING = "0A"  # the kernel's code in /proc/net/tcp


class PortInUse(Exception):
    """Another process listens on a port of the laptop run; the message names it."""


@dataclass(frozen=True, kw_only=True)
class Ports:
    """`gateway` is all of AWS; `mail_in` takes mail by SMTP; SES relays to `mail_out`.

    `outside` stands for the vendors that are asked.
    """

    gateway: int = 4566
    mail_in: int = 4624
    mail_out: int = 4625
    outside: int = 4626

    @classmethod
    def start_at(cls, first: int) -> Self:
        """Four ports in a row, the gateway's first."""
        return cls(gateway=first, mail_in=first + 1, mail_out=first + 2, outside=first + 3)

    @classmethod
    def pick_free(cls) -> Self:
        """Ports that are free now, so that several runs can live side by side."""
        with ExitStack() as stack:
            probes = [stack.enter_context(socket.socket()) for _ in range(4)]
            for each in probes:
                each.bind((HOST, 0))
            gateway, mail_in, mail_out, outside = (each.getsockname()[1] for each in probes)
        return cls(gateway=gateway, mail_in=mail_in, mail_out=mail_out, outside=outside)

    def require_free(self) -> None:
        """Raise `PortInUse` unless all can be bound."""
        for port in astuple(self):
            require_free_port(port)


def require_free_port(port: int) -> None:
    """Raise `PortInUse`, which names its holder, unless the port can be bound."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            message = f"port {port} is taken by {port_holder(port)}\n{OTHER_PORTS}"
            raise PortInUse(message) from error


def port_holder(port: int) -> str:
    """The process that listens on the port, in words; only Linux tells which.

    Of a laptop run it also says where its addresses are.
    """
    names = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    for descriptor in Path("/proc").glob("[0-9]*/fd/*") if names else ():
        try:
            if str(descriptor.readlink()) in names:
                return _describe_process(descriptor.parent.parent)
        except OSError:  # it ended meanwhile, or is not ours to look at
            continue
    return "another process"


def _describe_process(process: Path) -> str:
    """Number and command line of `/proc/<number>`; of an emulator also the run it belongs to."""
    command = process.joinpath("cmdline").read_bytes().replace(b"\0", b" ").decode()
    text = f"process {process.name} ({command.strip()})"
    if EMULATOR not in command:
        return text
    variables = process.joinpath("environ").read_bytes().decode(errors="replace").split("\0")
    home = next((each[5:] for each in variables if each.startswith("HOME=")), ".local")
    return f"{text}\na run is up there: its addresses are in {home}/stack.json"


def _listening_inodes(port: int) -> set[str]:
    inodes = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        rows = table.read_text().splitlines()[1:] if table.exists() else []
        for fields in (row.split() for row in rows):
            if fields[3] == LISTENING and int(fields[1].rpartition(":")[2], 16) == port:
                inodes.add(fields[9])
    return inodes
