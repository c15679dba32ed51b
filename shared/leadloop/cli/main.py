"""The `leadloop` command: one module per verb. A checkout may add verbs as entry points."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.metadata import entry_points

from botocore.exceptions import BotoCoreError, ClientError

from leadloop.cli import mail, partner, playbook, readme, recompute, report
from leadloop.cli.stacks import NoSystem


def main(words: Sequence[str] | None = None) -> int:
    """Run the command that the words name; return its exit code."""
    parser = argparse.ArgumentParser(prog="leadloop", description="Lead management from the shell.")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    for module in (playbook, partner, mail, report, recompute, readme):
        module.install(verbs)
    for verb in entry_points(group="leadloop.verbs"):
        verb.load()(verbs)
    options = parser.parse_args(words)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as `head`, has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (BotoCoreError, ClientError) as error:
        print(f"AWS: {error}", file=sys.stderr)
        return 1
    except NoSystem as error:
        print(error, file=sys.stderr)
        return 1
    return code


if __name__ == "__main__":
    sys.exit(main())
