"""Which ports the laptop run listens on, and who sits on one that is taken."""

import socket
from contextlib import ExitStack
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Self

HOST = "127.0.0.1"
LISTENING = "0A"  # the kernel's code in /proc/net/tcp


class PortInUse(Exception):
    """Somebody else listens where the laptop run wants to."""


@dataclass(frozen=True, kw_only=True)
class Ports:
    """`gateway` is all of AWS; `mail_in` the drop address; `mail_out` where SES relays to.

    `outside` stands for the vendors that are asked.
    """

    gateway: int = 4566
    mail_in: int = 4624
    mail_out: int = 4625
    outside: int = 4626

    @classmethod
    def pick_free(cls) -> Self:
        """Ports nobody holds now, so that several runs can live side by side."""
        with ExitStack() as held:
            probes = [held.enter_context(socket.socket()) for _ in range(4)]
            for each in probes:
                each.bind((HOST, 0))
            gateway, mail_in, mail_out, outside = (each.getsockname()[1] for each in probes)
        return cls(gateway=gateway, mail_in=mail_in, mail_out=mail_out, outside=outside)

    def require_free(self) -> None:
        """Raise `PortTaken` unless all can be bound."""
        for port in astuple(self):
            require_free_port(port)


def require_free_port(port: int) -> None:
    """Raise `PortTaken`, naming who holds it, unless the port can be bound."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise PortInUse(f"port {port} is taken by {port_holder(port)}") from error


def port_holder(port: int) -> str:
    """Who listens on the port, in words; Linux tells, elsewhere it stays unknown."""
    wanted = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    for descriptor in Path("/proc").glob("[0-9]*/fd/*") if wanted else ():
        try:
            if str(descriptor.readlink()) not in wanted:
                continue
            process = descriptor.parent.parent
            command = process.joinpath("cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:  # it ended meanwhile, or is not ours to look at
            continue
        return f"process {process.name} ({command.strip()})"
    return "another process"


def _listening_inodes(port: int) -> set[str]:
    found = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        rows = table.read_text().splitlines()[1:] if table.exists() else []
        for fields in (row.split() for row in rows):
            if fields[3] == LISTENING and int(fields[1].rpartition(":")[2], 16) == port:
                found.add(fields[9])
    return found
