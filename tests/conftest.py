"""No test reaches the network: most open no socket at all, the rest only this machine's.

And none looks at a clock: an example may take as long as a machine that others use as well needs.
"""

import gc

import pytest
from hypothesis import settings
from pytest_socket import disable_socket, enable_socket, socket_allow_hosts

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

# What was imported stays; to look through it again and again took a tenth of the unit tests' time.
gc.set_threshold(50_000, 20, 50)

LOOPBACK = {"browser", "contracts", "infra", "invariants", "local", "stack"}


def pytest_runtest_setup(item: pytest.Item) -> None:
    room = item.path.relative_to(item.config.rootpath / "tests").parts[0]
    if room in LOOPBACK:
        enable_socket()
        socket_allow_hosts(["127.0.0.1", "localhost", "::1"], allow_unix_socket=True)
    else:
        disable_socket(allow_unix_socket=True)


def pytest_collection_finish() -> None:
    gc.freeze()
