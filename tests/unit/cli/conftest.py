import pytest
from pytest_socket import enable_socket, socket_allow_hosts


@pytest.fixture
def loopback() -> None:
    """Servers of this machine may be asked; pytest-socket refuses all others."""
    enable_socket()
    socket_allow_hosts(["127.0.0.1"], allow_unix_socket=True)
