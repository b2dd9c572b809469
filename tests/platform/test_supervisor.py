"""The supervisor asks the web server where it listens."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from crm.embedded.supervisor import EVERYWHERE, web_answers


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
