"""Signing in, the second step and the end of a session, in our words."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.urls import reverse
from django.utils import timezone

from crm.models import Job, User
from tests.factories.crm import PASSWORD, UserFactory
from tests.testing import text

pytestmark = pytest.mark.django_db
ALLAUTHS_OWN = (
    "Two-Factor",
    "Authenticator App",
    "Please",
    "Sign In",
    "Log In",
    "Are you sure",
    "Bad Token",
    "Verification",
)


def sign_in(client: Any, user: User) -> Any:
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})


def confirm(client: Any) -> None:
    """Give the password again, which what changes signing in asks for."""
    assert client.get(reverse("mfa_activate_totp")).url.startswith(reverse("account_reauthenticate"))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def switch_on(client: Any) -> str:
    """Switch the second step on as a person would, who is asked for the password once more; return the key."""
    confirm(client)
    page = client.get(reverse("mfa_activate_totp"))
    key: str = page.context["form"].secret
    code = totp.format_hotp_value(totp.hotp_value(key, next(iter(totp.yield_hotp_counters_from_time()))))
    answer = client.post(reverse("mfa_activate_totp"), {"code": code})
    assert answer.status_code == 302
    return key


@pytest.mark.parametrize(
    "url_name",
    ["account_login", "account_reset_password", "account_reset_password_done", "account_signup", "account_inactive",
     "account_reset_password_from_key_done", "socialaccount_login_error", "socialaccount_login_cancelled"],
)  # fmt: skip
def test_pages_before_signing_in_speak_our_words(client, url_name):
    page = text(client.get(reverse(url_name)))
    assert [words for words in ALLAUTHS_OWN if words in page] == []


@pytest.mark.parametrize(
    "url_name",
    ["account_change_password", "mfa_index", "mfa_activate_totp", "account_reauthenticate", "account_logout"],
)
def test_pages_of_the_own_sign_in_speak_our_words(client, url_name):
    sign_in(client, UserFactory(rep=True))
    confirm(client)
    answer = client.get(reverse(url_name))
    assert (answer.status_code, [words for words in ALLAUTHS_OWN if words in text(answer)]) == (200, [])


def test_a_wrong_password_says_what_to_do(client):
    answer = client.post(reverse("account_login"), {"login": UserFactory().email, "password": "something else"})
    assert "E-mail and password do not belong together" in text(answer)


def test_a_second_step_is_switched_on_used_and_switched_off(client):
    user = UserFactory(rep=True)
    sign_in(client, user)
    switch_on(client)
    assert "Two-step sign-in is on" in text(client.get(reverse("mfa_index")))
    client.post(reverse("mfa_generate_recovery_codes"))
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    client.logout()
    assert sign_in(client, user).url.startswith(reverse("mfa_authenticate"))
    asked = client.get(reverse("mfa_authenticate"))
    assert [words for words in ALLAUTHS_OWN if words in text(asked)] == []
    assert "This code is not right" in text(client.post(reverse("mfa_authenticate"), {"code": "000000"}))
    assert client.get("/settings/").status_code == 302
    client.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert client.get("/settings/").status_code == 200
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("mfa_deactivate_totp"))
    assert "Two-step sign-in is off" in text(client.get(reverse("mfa_index")))


def test_nobody_adds_an_address_of_their_own(client):
    sign_in(client, UserFactory(rep=True))
    for answer in (
        client.get("/auth/email/"),
        client.post("/auth/email/", {"action_add": "", "email": "x@example.com"}),
        client.get("/auth/3rdparty/"),
        client.get("/auth/confirm-email/"),
    ):
        assert (answer.status_code, answer.url) == (302, reverse("crm:settings"))


class TestSession:
    def ends(self, client) -> datetime:
        page = text(client.get("/settings/"))
        return datetime.fromisoformat(page.partition('data-ends="')[2].partition('"')[0])

    def test_a_page_tells_when_the_session_ends_and_extending_moves_it(self, client, settings):
        settings.SESSION_COOKIE_AGE = 600
        sign_in(client, UserFactory(rep=True))
        first = self.ends(client)
        assert timedelta(0) < first - timezone.now() <= timedelta(minutes=10)
        settings.SESSION_COOKIE_AGE = 1200
        told = client.post(reverse("crm:session_extend"), headers={"X-Requested-With": "fetch"}).json()["ends"]
        assert first < self.ends(client)
        assert datetime.fromisoformat(told).replace(microsecond=0) == self.ends(client).replace(microsecond=0)
        assert client.post(reverse("crm:session_extend")).status_code == 302


class TestInvitationWithoutMail:
    @pytest.fixture
    def admin(self, client, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
        user = UserFactory(admin=True)
        client.force_login(user)
        return user

    def link(self, page: str) -> str:
        return page.partition("http://testserver")[2].partition('"')[0]

    def test_the_administrator_hands_the_link_over(self, client, admin):
        client.post(reverse("crm:person_invited"), {"name": "Liis Tamm", "email": "liis@example.com", "roles": ["rep"]})
        person = User.objects.get(email="liis@example.com")
        assert not Job.objects.filter(task="crm.send_invitation").exists()
        page = text(client.get(reverse("crm:person", args=[person.pk])))
        assert "Hand over this link" in page
        client.logout()
        form = client.get(self.link(page), follow=True)
        client.post(form.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
        person.refresh_from_db()
        assert person.check_password(PASSWORD)
        assert "no longer works" in text(client.get(self.link(page), follow=True))

    def test_who_signed_in_once_gets_one_when_asked_for(self, client, admin):
        person = UserFactory(rep=True, last_login=timezone.now())
        url = reverse("crm:person", args=[person.pk])
        assert "Hand over this link" not in text(client.get(url))
        assert "Hand over this link" in text(client.post(reverse("crm:person_mailed", args=[person.pk])))

    def test_with_mail_nobody_sees_the_link(self, client, settings):
        client.force_login(UserFactory(admin=True))
        person = UserFactory(rep=True)
        assert "Hand over this link" not in text(client.get(reverse("crm:person", args=[person.pk])))
        client.post(reverse("crm:person_mailed", args=[person.pk]))
        assert Job.objects.filter(task="crm.send_invitation").count() == 1
