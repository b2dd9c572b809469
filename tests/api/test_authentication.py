"""Who gets in, how far, and for how long."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from crm.commands.tokens import revoke_token
from crm.models import ApiToken, RoleGrant, User
from tests.api.client import NOW, Api, assert_problem, checksum
from tests.factories.crm import UserFactory

pytestmark = pytest.mark.django_db


def test_a_token_opens_what_its_person_may_see(api: Api) -> None:
    assert api.get("accounts/").status_code == 200


def test_only_the_digest_is_stored(api: Api) -> None:
    token = ApiToken.objects.get()
    assert len(token.digest) == 64
    assert api.secret not in str(vars(token))
    assert len(api.secret) >= 22 + len("sp_")  # 128 bits in base64


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer nobody", "Basic cmVwOnB3", "Token abc", "Bearer \x7f", "Bearer é"]
)
def test_without_a_token_nothing_opens(header: str) -> None:
    response = Client().get("/api/v1/accounts/", headers={"Authorization": header} if header else {})
    assert_problem(response, 401)
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_a_revoked_token_is_refused_at_once(api: Api) -> None:
    revoke_token(token_id=api.token.pk, by=api.user, at=timezone.now())
    assert_problem(api.get("accounts/"), 401, "authentication_failed")


def test_an_expired_token_is_refused(api: Api) -> None:
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert_problem(api.get("accounts/"), 401)


def test_a_person_who_left_is_refused(api: Api) -> None:
    User.objects.filter(pk=api.user.pk).update(is_active=False)
    assert_problem(api.get("accounts/"), 401)


def test_a_token_without_role_finds_nothing(api: Api) -> None:
    RoleGrant.objects.update(revoked_at=NOW)
    assert_problem(api.get("accounts/"), 404)


def test_use_is_noted_once_a_minute(api: Api, django_assert_num_queries: Any) -> None:
    before = timezone.now()
    api.get("accounts/")
    first = ApiToken.objects.get().last_used_at
    assert first is not None and first >= before
    api.get("accounts/")
    assert ApiToken.objects.get().last_used_at == first


@pytest.mark.parametrize(
    ("scopes", "method", "path", "status"),
    [
        (["read"], "get", "accounts/", 200),
        (["write"], "get", "accounts/", 403),
        (["events:write"], "get", "accounts/", 403),
        (["reports:read"], "get", "accounts/", 403),
        (["read"], "post", "accounts/", 403),
        (["events:write"], "post", "accounts/", 403),
        (["write"], "post", "accounts/", 201),
        (["reports:read"], "get", "contacts/", 403),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) else str(value),
)
def test_a_scope_opens_what_it_names(rep: User, scopes: list[str], method: str, path: str, status: int) -> None:
    api = Api(rep, *scopes)
    response = api.get(path) if method == "get" else api.post(path, {"name": "Kardamon"})
    assert response.status_code == status
    if status == 403:
        assert_problem(response, 403, "insufficient_scope")


def test_admin_stands_for_every_scope_while_its_person_is_one() -> None:
    admin = UserFactory(admin=True, rep=False)
    api = Api(admin, "admin")
    assert api.get("accounts/").status_code == 200
    RoleGrant.objects.update(role="rep")
    assert_problem(api.get("accounts/"), 403, "insufficient_scope")


class TestSession:
    def test_a_session_reads(self, rep: User) -> None:
        client = Client()
        client.force_login(rep)
        assert client.get("/api/v1/accounts/").status_code == 200

    def test_a_session_writes_only_with_its_csrf_token(self, rep: User) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(rep)
        before = checksum()
        response = client.post("/api/v1/accounts/", '{"name": "Kardamon"}', content_type="application/json")
        assert_problem(response, 403, "permission_denied")
        assert checksum() == before

    def test_with_the_csrf_token_it_writes(self, rep: User) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(rep)
        client.cookies["csrftoken"] = "a" * 32
        response = client.post(
            "/api/v1/accounts/",
            '{"name": "Kardamon"}',
            content_type="application/json",
            headers={"X-CSRFToken": "a" * 32},
        )
        assert response.status_code == 201


class TestTokens:
    @pytest.fixture
    def browser(self, rep: User) -> Client:
        client = Client()
        client.force_login(rep)
        return client

    def make(self, browser: Client, **body: Any) -> Any:
        return browser.post(
            "/api/v1/tokens/", {"name": "CI", "scopes": ["read"], **body}, content_type="application/json"
        )

    def test_a_signed_in_person_makes_a_token_that_works(self, browser: Client, rep: User) -> None:
        made = self.make(browser)
        assert made.status_code == 201
        assert made.json().keys() == {"id", "name", "scopes", "expires_at", "created_at", "last_used_at", "token"}
        client = Client(headers={"Authorization": f"Bearer {made.json()['token']}"})
        assert client.get("/api/v1/accounts/").status_code == 200

    def test_the_secret_is_never_shown_again(self, browser: Client) -> None:
        secret = self.make(browser).json()["token"]
        listed = browser.get("/api/v1/tokens/").content.decode()
        assert '"name":"CI"' in listed
        assert secret not in listed and "digest" not in listed

    def test_a_scope_above_ones_rights_is_refused(self, browser: Client) -> None:
        assert_problem(self.make(browser, scopes=["read", "admin"]), 403)
        assert not ApiToken.objects.exists()

    @pytest.mark.parametrize(
        "body",
        [{"scopes": []}, {"scopes": ["all"]}, {"scopes": "read"}, {"name": ""}, {"token": "x"}, {"user": "1"},
         {"expires_at": "tomorrow"}],
        ids=str,
    )  # fmt: skip
    def test_a_wrong_request_makes_no_token(self, browser: Client, body: dict[str, Any]) -> None:
        assert_problem(self.make(browser, **body), 400, "invalid")
        assert not ApiToken.objects.exists()

    def test_an_end_in_the_past_is_refused(self, browser: Client) -> None:
        assert_problem(self.make(browser, expires_at="2020-01-01T00:00:00Z"), 422)

    def test_a_token_begets_no_token(self, api: Api) -> None:
        for response in (api.get("tokens/"), api.post("tokens/", {"name": "CI", "scopes": ["read"]})):
            assert_problem(response, 403, "session_required")

    def test_revoking_ends_it_at_once(self, browser: Client) -> None:
        made = self.make(browser).json()
        assert browser.delete(f"/api/v1/tokens/{made['id']}/").status_code == 204
        client = Client(headers={"Authorization": f"Bearer {made['token']}"})
        assert_problem(client.get("/api/v1/accounts/"), 401)
        assert_problem(browser.delete(f"/api/v1/tokens/{made['id']}/"), 404)

    def test_nobody_revokes_anothers(self, browser: Client, other_api: Api) -> None:
        assert_problem(browser.delete(f"/api/v1/tokens/{other_api.token.pk}/"), 404)
        assert other_api.get("accounts/").status_code == 200


class TestLimits:
    def test_a_person_who_asks_too_often_waits(self, api: Api, settings: Any) -> None:
        settings.API_RATES = settings.API_RATES | {"requests": (2, 60)}
        assert [api.get("accounts/").status_code for _ in range(3)] == [200, 200, 429]
        response = api.get("accounts/")
        assert_problem(response, 429, "throttled")
        assert 1 <= int(response["Retry-After"]) <= 60

    def test_one_persons_haste_does_not_slow_another(self, api: Api, other_api: Api, settings: Any) -> None:
        settings.API_RATES = settings.API_RATES | {"requests": (1, 60)}
        assert [api.get("accounts/").status_code for _ in range(2)] == [200, 429]
        assert other_api.get("accounts/").status_code == 200

    def test_guessing_is_slowed_but_locks_nobody_out(self, api: Api, settings: Any) -> None:
        settings.API_RATES = settings.API_RATES | {"failures": (2, 60)}
        guesser = Client(headers={"Authorization": "Bearer guess"})
        assert [guesser.get("/api/v1/accounts/").status_code for _ in range(3)] == [401, 401, 429]
        assert api.get("accounts/").status_code == 200
