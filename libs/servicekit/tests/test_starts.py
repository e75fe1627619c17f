"""A service that is told something wrong says so in one sentence."""

import socket

import pytest

from servicekit.starts import WrongStart
from servicekit.web import _handed_over


def test_a_listener_that_is_no_open_socket_is_told():
    with socket.socket() as free:
        number = free.fileno()
    with pytest.raises(WrongStart, match=f"SONGJIAO_LISTENER is {number}, which is no open socket"):
        _handed_over(number)


def test_a_listener_is_taken_over_and_not_handed_on():
    with socket.create_server(("127.0.0.1", 0)) as opened:
        opened.set_inheritable(True)
        number = opened.detach()
    with _handed_over(number) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"
        assert not listener.get_inheritable()
