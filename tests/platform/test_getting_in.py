"""Who tries to sign in too often waits, and nobody else does; what a changed password takes with it; one way in only."""

import pytest
from celery import Celery
from django.core.cache import cache
from django.db import connection
from django.urls import reverse

from crm.celery import app
from crm.lib import broker
from tests.factories.crm import PASSWORD, TeamFactory, UserFactory
from tests.testing import text

pytestmark = pytest.mark.django_db
NEW = "another meadow 72"
WAIT = "Too many tries"
HERE, ELSEWHERE = "203.0.113.5", "198.51.100.7"


def try_password(client, user, password, address=HERE, **headers):
    sent = {"login": user.email, "password": password}
    return client.post(reverse("account_login"), sent, REMOTE_ADDR=address, headers=headers)


def is_in(answer):
    return answer.status_code == 302


class TestLimits:
    def test_guessing_is_stopped_where_it_comes_from_and_locks_nobody_out(self, client):
        user = UserFactory(rep=True)
        for _ in range(5):
            assert WAIT not in text(try_password(client, user, "wrong"))
        assert WAIT in text(try_password(client, user, PASSWORD))
        assert is_in(try_password(client, user, PASSWORD, ELSEWHERE))

    def test_one_try_each_on_many_people_is_stopped_too(self, client):
        tries = [try_password(client, UserFactory.build(), "wrong") for _ in range(11)]
        assert [WAIT in text(answer) for answer in tries] == [False] * 10 + [True]

    def test_behind_a_proxy_people_are_told_apart_and_what_they_make_up_counts_for_nothing(self, client, settings):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        user = UserFactory(rep=True)
        for made_up in range(6):
            last = try_password(client, user, "wrong", x_forwarded_for=f"192.0.2.{made_up}, {HERE}")
        assert WAIT in text(last)
        assert is_in(try_password(client, user, PASSWORD, x_forwarded_for=ELSEWHERE))

    def test_without_a_proxy_of_ours_the_header_counts_for_nothing(self, client):
        user = UserFactory(rep=True)
        for made_up in range(6):
            last = try_password(client, user, "wrong", x_forwarded_for=f"192.0.2.{made_up}")
        assert WAIT in text(last)

    def test_a_guessed_token_counts_for_who_guessed(self, client, settings):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        settings.API_RATES = settings.API_RATES | {"failures": (2, 60)}
        sent = {"authorization": "Bearer sp_guessed"}
        guesses = [client.get("/api/v1/accounts/", headers=sent | {"x-forwarded-for": "192.0.2.77"}) for _ in range(3)]
        assert [answer.status_code for answer in guesses] == [401, 401, 429]
        assert client.get("/api/v1/accounts/", headers=sent | {"x-forwarded-for": "192.0.2.78"}).status_code == 401

    def test_counts_are_kept_in_the_database_and_not_with_the_broker(self):
        cache.set("tries", [1.0], 60)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM crm_rate_limit WHERE cache_key LIKE '%tries'")
            assert cursor.fetchone() == (1,)


@pytest.fixture
def broker_is_down(settings):
    """Nobody listens where the broker should be."""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    down = Celery("down", broker=settings.REDIS_URL, set_as_current=True)
    down.conf.broker_transport_options = app.conf.broker_transport_options
    yield
    app.set_current()
    broker._down_until = 0.0


def test_without_the_broker_people_sign_in_look_and_write(
    client, settings, broker_is_down, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # the invitation is a job
    assert is_in(try_password(client, UserFactory(admin=True), PASSWORD))
    assert client.get("/accounts/").status_code == 200
    with django_capture_on_commit_callbacks(execute=True) as nudges:
        invited = client.post(
            reverse("crm:person_invited"), {"name": "Liis Tamm", "email": "liis@example.com", "roles": ["rep"]}
        )
    assert (invited.status_code, len(nudges)) == (302, 1)


class TestAdmin:
    def test_it_has_no_sign_in_of_its_own(self, client):
        admin = UserFactory(admin=True)
        for answer in (
            client.get("/admin/login/"),
            client.post("/admin/login/", {"username": admin.email, "password": PASSWORD}),
        ):
            assert (answer.status_code, answer.url.partition("?")[0]) == (302, reverse("account_login"))
        assert "_auth_user_id" not in client.session

    def test_who_is_in_guesses_no_other_password_there(self, client):
        client.force_login(UserFactory(admin=True))
        assert client.post("/admin/login/", {"username": "x@example.com", "password": "x"}).status_code == 405
        assert client.get("/admin/").status_code == 200
        client.force_login(UserFactory(rep=True))
        assert client.get("/admin/login/").status_code == 403

    def test_it_changes_no_password_of_its_own(self, client):
        client.force_login(UserFactory(admin=True))
        assert client.get("/admin/password_change/").url == reverse("account_change_password")


class TestPassword:
    @pytest.fixture
    def user(self):
        return UserFactory(rep=True, team=TeamFactory())

    def token(self, client):
        made = client.post("/api/v1/tokens/", {"name": "Script", "scopes": ["read"]}, content_type="application/json")
        return made.json()["token"]

    def works(self, client, secret):
        client.logout()
        return client.get("/api/v1/accounts/", headers={"authorization": f"Bearer {secret}"}).status_code == 200

    def test_a_change_revokes_the_tokens_and_says_so(self, client, user):
        client.force_login(user)
        secret, url = self.token(client), reverse("account_change_password")
        assert "your API tokens stop working" in text(client.get(url))
        answer = client.post(url, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}, follow=True)
        assert "1 API token no longer works" in text(answer)
        assert not self.works(client, secret)

    def test_so_does_a_new_one_by_mail(self, client, user, mailoutbox):
        client.force_login(user)
        secret = self.token(client)
        client.logout()
        client.post(reverse("account_reset_password"), {"email": user.email})
        link = next(word for word in mailoutbox[0].body.split() if "/password/reset/key/" in word)
        form = client.get(link, follow=True)
        answer = client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW}, follow=True)
        assert "1 API token no longer works" in text(answer)
        assert not self.works(client, secret)

    def test_anothers_tokens_stay(self, client, user):
        client.force_login(user)
        secret = self.token(client)
        other = UserFactory(rep=True)
        client.force_login(other)
        client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
        other.refresh_from_db()
        assert other.check_password(NEW)
        assert self.works(client, secret)
