"""The `leadloop` command: one file per verb, and those a checkout adds as entry points."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.metadata import entry_points

from botocore.exceptions import BotoCoreError, ClientError

from leadloop.cli import mail, partner, playbook, readme


def main(words: Sequence[str] | None = None) -> int:
    """Exit code."""
    parser = argparse.ArgumentParser(prog="leadloop", description="Lead management from the shell.")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    playbook.install(verbs)
    partner.install(verbs)
    mail.install(verbs)
    for verb in entry_points(group="leadloop.verbs"):
        verb.load()(verbs)
    renews = verbs.add_parser("readme", help="write README's generated parts anew")
    readme.add_arguments(renews)
    renews.set_defaults(run=readme.run)
    given = parser.parse_args(words)
    try:
        code: int = given.run(given)
        sys.stdout.flush()
    except BrokenPipeError:  # who reads us has seen enough; what is left unsaid is no fault
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (BotoCoreError, ClientError) as error:
        print(f"AWS: {error}", file=sys.stderr)
        return 1
    return code


if __name__ == "__main__":
    sys.exit(main())
