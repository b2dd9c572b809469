"""The supervisor asks the web server where it listens."""

import argparse
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from crm.embedded import supervisor
from crm.embedded.files import free_port, is_free
from crm.embedded.supervisor import EVERYWHERE, Supervisor, web_answers


class Health(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self):
        self.send_response(self.status if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture
def serve():
    servers = []

    def start(host, status=200):
        handler = type("Handler", (Health,), {"status": status})
        server = ThreadingHTTPServer((host, 0), handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return server.server_port

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", EVERYWHERE])
def test_it_asks_the_address_it_was_given(serve, host):
    assert web_answers(host, serve(host))


def test_an_address_beside_the_usual_one_is_asked_and_no_other(serve, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    port = serve("127.0.0.2")
    assert web_answers("127.0.0.2", port)
    assert not web_answers("127.0.0.1", port)


@pytest.mark.parametrize(("status", "answers"), [(400, True), (503, False)])
def test_a_refused_name_is_an_answer_and_a_failure_is_none(serve, status, answers):
    assert web_answers("127.0.0.1", serve("127.0.0.1", status)) is answers


@pytest.fixture
def taken():
    """A port somebody listens on, at an address beside the usual one only."""
    with socket.create_server(("127.0.0.2", 0)) as server:
        yield server.getsockname()[1]


class WithoutEngines:
    """Stands in for engines, of which choosing a port needs none."""

    def __init__(self, place):
        self.place = place


@pytest.fixture
def choose_port(monkeypatch):
    """Return what `up` would do with a host and a port."""
    monkeypatch.setattr(supervisor, "Engines", WithoutEngines)
    return lambda host, port: Supervisor(argparse.Namespace(host=host, port=port)).port


@pytest.mark.parametrize("host", ["127.0.0.2", EVERYWHERE])
def test_a_port_taken_where_it_will_listen_is_refused(choose_port, taken, host):
    with pytest.raises(SystemExit, match=f"port {taken} is taken"):
        choose_port(host, taken)


def test_a_port_taken_elsewhere_is_free(choose_port, taken):
    assert choose_port("127.0.0.1", taken) == taken


def test_another_one_is_found_where_it_will_listen(taken):
    assert not is_free(taken, "127.0.0.2")
    other = free_port(taken, host="127.0.0.2")
    assert other != taken
    assert is_free(other, "127.0.0.2")


@pytest.mark.parametrize("host", ["203.0.113.9", "no.such.host.invalid"])
def test_an_address_of_another_machine_is_refused_with_a_sentence(choose_port, host):
    with pytest.raises(SystemExit, match=f"{host} is no address of this machine"):
        choose_port(host, 0)
