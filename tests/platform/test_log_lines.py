"""What the log says of people who come in, and what it never says."""

import json
import logging

import pytest
from django.conf import settings as project
from django.urls import reverse
from structlog.contextvars import clear_contextvars

from crm.settings import base
from crm.settings.logs import LOGGING
from crm.settings.test import QUIET
from tests.factories.crm import PASSWORD, AccountFactory, UserFactory

pytestmark = pytest.mark.django_db


class Lines(logging.Handler):
    """Keeps the lines as they would be written."""

    def __init__(self):
        super().__init__()
        formatter = LOGGING["formatters"]["lines"]
        self.setFormatter(formatter["()"](**{name: value for name, value in formatter.items() if name != "()"}))
        self.written = []

    def emit(self, record):
        self.written.append(json.loads(self.format(record)))

    def events(self, *names):
        return [line for line in self.written if line["event"].split()[0] in names]

    def text(self):
        return json.dumps(self.written)


@pytest.fixture
def lines():
    """All lines, those of every request too, which the tests' settings leave out."""
    handler = Lines()
    logging.getLogger().addHandler(handler)
    quiet = {name: logging.getLogger(name).level for name in QUIET}
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.INFO)
    yield handler
    for name, level in quiet.items():
        logging.getLogger(name).setLevel(level)
    logging.getLogger().removeHandler(handler)
    clear_contextvars()


def sign_in(client, user, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": user.email, "password": password})


def test_signing_in_and_out_leave_a_line_with_the_persons_number(client, lines):
    user = UserFactory(rep=True)
    sign_in(client, user)
    client.post(reverse("account_logout"))
    said = [line["event"] for line in lines.events("signed_in", "signed_out")]
    assert said == [f"signed_in user_id={user.pk}", f"signed_out user_id={user.pk}"]


def test_a_wrong_password_leaves_a_line_and_names_nobody(client, lines):
    user = UserFactory(rep=True)
    sign_in(client, user, "wrong-secret")
    [line] = lines.events("sign_in_failed")
    assert (line["level"], bool(line["request_id"])) == ("warning", True)
    for private in (user.email, user.name, "wrong-secret", "127.0.0.1"):
        assert private not in lines.text()


def test_what_is_denied_leaves_a_line_with_the_persons_number(client, lines):
    user, account = UserFactory(marketing=True), AccountFactory()
    client.force_login(user)
    assert client.post(reverse("crm:account_archive", args=[account.pk])).status_code == 403
    token = {"authorization": "Bearer sp_guessed"}
    assert client.get("/api/v1/accounts/", headers=token).status_code == 401
    denied, refused = [line for line in lines.events("request_finished") if line.get("code") in (401, 403)]
    assert (denied["user_id"], denied["level"], refused["level"]) == (user.pk, "warning", "warning")
    for private in (user.email, "sp_guessed"):
        assert private not in lines.text()


def test_a_link_that_lets_somebody_in_is_in_no_line(client, lines, mailoutbox):
    client.post(reverse("account_reset_password"), {"email": UserFactory(rep=True).email})
    link = next(word for word in mailoutbox[0].body.split() if "/password/reset/key/" in word)
    key = link.rstrip("/").rpartition("/")[2]
    assert len(key) > 20
    assert client.get(link).status_code == 302
    asked = [line["request"] for line in lines.events("request_started")]
    assert asked[-1] == "GET /auth/password/reset/key/-/"
    assert key not in lines.text()


def test_what_somebody_searched_for_is_in_no_line(client, lines):
    client.force_login(UserFactory(rep=True))
    assert client.get("/contacts/", {"q": "ann@example.com", "page": "1"}).status_code == 200
    assert lines.events("request_finished")[-1]["request"] == "GET /contacts/"
    assert "ann" not in lines.text()


def test_the_web_server_keeps_no_log_of_addresses_beside_ours():
    for file in ("Dockerfile", "crm/embedded/supervisor.py"):
        assert "access-log" not in (project.BASE_DIR / file).read_text()


def test_without_a_mail_server_no_mail_is_printed():
    assert base.EMAIL_CONFIG["EMAIL_BACKEND"] == "django.core.mail.backends.dummy.EmailBackend"
