"""A host that has said its name is not answered under another: the setting that docs/hosting.md recommends."""

import socket

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.browser.conftest import STREAMLIT, served

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def port():
    with served(STREAMLIT, "/_stcore/health", STREAMLIT_SERVER_ALLOWED_HOSTS="bnviz.example.org") as url:
        yield int(url.rsplit(":", 1)[1])


def page_socket(port, host):
    """Streamlit's socket, asked for by a page that was opened under this name."""
    way = socket.create_connection(("127.0.0.1", port))
    address, origin = f"ws://{host}/_stcore/stream", f"http://{host}"
    return connect(address, sock=way, origin=origin, subprotocols=["streamlit"], open_timeout=60)


def test_the_page_is_served_under_its_own_name(port):
    with page_socket(port, "bnviz.example.org") as line:
        assert line.subprotocol == "streamlit"


def test_a_name_that_was_bent_to_this_server_is_refused(port):
    with pytest.raises(InvalidStatus, match="403"), page_socket(port, "example.net"):
        pass
