"""`leadloop bounce N`: says that a mail of the laptop's run came back, as SES says it by SNS.

On the laptop no mail provider says so. The message takes the real way: it is signed, and `engage`
believes it only for a mail that bears our own signature.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from infra.local.aws import Aws
from infra.local.ministack import ROOT
from infra.local.sns_signer import bounce_event, notification, read_key, sign
from infra.local.stack_file import StackFile
from leadloop.cli.sent_mails import SentMail, read_sent_mails
from leadloop.cli.stacks import RUN_FOLDER, add_stack_argument, read_run

HEADERS = ("X-Leadloop-Delivery", "X-Leadloop-Lead", "X-Leadloop-Signature")


def headers_of(mail: SentMail) -> dict[str, str]:
    """The header lines by which we know a mail of ours again."""
    return {name: str(mail.message[name]) for name in HEADERS if mail.message[name]}


def bounce_message(
    headers: Mapping[str, str], recipient: str, topic: str, key: rsa.RSAPrivateKey
) -> dict[str, Any]:
    """The signed message that the mail with these header lines came back for good."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return sign(notification(bounce_event(headers, recipient), topic, Timestamp=now), key)


def install(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the `leadloop` command line."""
    verb = verbs.add_parser("bounce", help="laptop only: say that a sent mail came back")
    verb.add_argument("number", type=int, metavar="N", help="its number in `mail list`")
    add_stack_argument(verb)
    verb.set_defaults(run=run_verb)


def run_verb(options: argparse.Namespace) -> int:
    """Put the message into the queue of signals, where SNS would put it.

    Raises:
        NoSystem: no run was ever started there.

    """
    stack = read_run(options.stack or ROOT / RUN_FOLDER, StackFile)
    mails = tuple(read_sent_mails(Path(stack.mail)))
    if not 1 <= options.number <= len(mails):
        print(f"there is no mail {options.number}: there are {len(mails)}", file=sys.stderr)
        return 1
    mail = mails[options.number - 1]
    message = bounce_message(
        headers_of(mail), mail.recipient, stack.mail_events_topic, read_key(Path(stack.sns_key))
    )
    Aws(stack.endpoint).sqs.send_message(
        QueueUrl=stack.queues["signals"], MessageBody=json.dumps(message)
    )
    print(f"{mail.recipient} is said to be unreachable; `engage` decides what follows")
    return 0
