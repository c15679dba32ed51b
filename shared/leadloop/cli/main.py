"""The `leadloop` command: one file per verb, and those a checkout adds as entry points."""

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import entry_points

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
    readme.arguments(renews)
    renews.set_defaults(run=readme.run)
    given = parser.parse_args(words)
    code: int = given.run(given)
    return code


if __name__ == "__main__":
    sys.exit(main())
