"""`leadloop mail list | show N`: the mails that the laptop's run has sent."""

import argparse
import email
import email.policy
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import lru_cache
from html import unescape
from pathlib import Path

from leadloop.cli.stacks import add_stack_argument, find_run
from leadloop.cli.table import format_table, printable
from leadloop.intake.text.html_text import text_of_html

PARSED_MAILS = 4096  # kept in memory: the files do not change, and are read again and again
LINK = re.compile(r"""https?://[^\s<>"']+""")
SHOWN_HEADERS = ("From", "To", "Reply-To", "Date", "Subject", "X-Leadloop-Lead")


@dataclass(frozen=True)
class SentMail:
    """One mail as one recipient got it."""

    path: Path
    recipient: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        """Decoded, on one line."""
        return printable(str(self.message["Subject"] or ""))

    @property
    def sent_at(self) -> datetime:
        """When it was written to its file, UTC."""
        return datetime.fromtimestamp(self.path.stat().st_mtime, UTC)

    @property
    def text(self) -> str:
        """The plain text part, or all of the body if there is none."""
        body = self.message.get_body(("plain", "html"))
        return str(body.get_content()) if body else ""

    @property
    def readable_text(self) -> str:
        """The body as plain text, decoded, also of a mail that is HTML only."""
        body = self.message.get_body(("plain", "html"))
        is_html = body is not None and body.get_content_subtype() == "html"
        return text_of_html(self.text) if is_html else self.text

    @property
    def links(self) -> tuple[str, ...]:
        """The whole address of each link, in the order of their first appearance."""
        parts = [part for part in self.message.walk() if part.get_content_maintype() == "text"]
        texts = [
            unescape(content) if part.get_content_subtype() == "html" else content
            for part in parts
            for content in (str(part.get_content()),)
        ]
        texts.append(str(self.message["List-Unsubscribe"] or ""))
        links = (link.rstrip(".,;:)") for text in texts for link in LINK.findall(text))
        return tuple(dict.fromkeys(links))


def read_sent_mails(folder: Path) -> Iterator[SentMail]:
    """The mails of a run, oldest first: their file names begin with the time."""
    return map(_read_mail, sorted(folder.glob("[!.]*.eml")))


@lru_cache(PARSED_MAILS)
def _read_mail(path: Path) -> SentMail:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    return SentMail(path=path, recipient=str(message["Delivered-To"]), message=message)


def install(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `list` and `show` to the verb `mail`."""
    lists = actions.add_parser("list", help="the mails that the laptop's run has sent")
    add_stack_argument(lists)
    lists.set_defaults(run=run_list)
    shows = actions.add_parser("show", help="one of them: its text, decoded, and its links, whole")
    shows.add_argument("number", type=int, metavar="N", help="its number in `mail list`")
    add_stack_argument(shows)
    shows.set_defaults(run=run_show)


def run_list(options: argparse.Namespace) -> int:
    """Print a row for each mail, the latest last.

    Raises:
        NoSystem: no run was ever started there.

    """
    mails = read_sent_mails(Path(find_run(options.stack).mail))
    rows = [
        (str(number), f"{mail.sent_at:%Y-%m-%d %H:%M:%S}", mail.recipient, mail.subject)
        for number, mail in enumerate(mails, 1)
    ]
    if not rows:
        print("no mail was sent yet", file=sys.stderr)
        return 0
    print(format_table([("N", "sent (UTC)", "to", "subject"), *rows]))
    return 0


def run_show(options: argparse.Namespace) -> int:
    """Print the mail with that number.

    Raises:
        NoSystem: no run was ever started there.

    """
    mails = tuple(read_sent_mails(Path(find_run(options.stack).mail)))
    if not 1 <= options.number <= len(mails):
        print(f"there is no mail {options.number}: there are {len(mails)}", file=sys.stderr)
        return 1
    print(format_mail(mails[options.number - 1]))
    return 0


def format_mail(mail: SentMail) -> str:
    """Headers, text, links and the file, for a terminal."""
    values = [(name, mail.message[name]) for name in SHOWN_HEADERS]
    headers = [(name, printable(str(value))) for name, value in values if value is not None]
    lines = [_printable_line(line) for line in mail.readable_text.strip().splitlines()]
    links = [f"  {link}" for link in mail.links]
    blocks = [format_table(headers), "\n".join(lines)]
    if links:
        blocks.append("\n".join(["Links", *links]))
    return "\n\n".join([*blocks, f"File  {mail.path}"])


def _printable_line(line: str) -> str:
    """The line as it is, but for letters that would steer a terminal."""
    indent = line[: len(line) - len(line.lstrip())]
    return indent + printable(line)
