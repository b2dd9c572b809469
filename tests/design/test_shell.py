"""What every page carries: headers, language, the person's theme, and the way in."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import find
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import reverse

from crm.lib import typeface
from crm.models import User
from crm.registries import navigation
from tests.factories.crm import UserFactory

pytestmark = pytest.mark.django_db


def signed_in(**kwargs: object) -> tuple[Client, User]:
    """Give a client and the person it is signed in as."""
    user = UserFactory(admin=True, **kwargs)
    client = Client()
    client.force_login(user)
    return client, user


def test_headers_of_a_page() -> None:
    """See the policy, what caches may do, and that nothing is kept after signing out."""
    client, _ = signed_in()
    headers = client.get("/_design/").headers
    assert headers["Content-Security-Policy"] == (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    assert "HX-Request" in headers["Vary"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Language"] == "en"
    assert re.fullmatch(r"[0-9a-f]{8}", headers["X-Request-ID"])


@pytest.mark.parametrize(
    "path",
    [
        "/auth/login/",
        "/auth/password/reset/",
        "/auth/logout/",
        "/auth/password/change/",
        "/auth/2fa/",
        "/auth/2fa/totp/activate/",
    ],
)
def test_sign_in_pages_answer(path: str) -> None:
    """See that every page of the way in is drawn with our components."""
    client, _ = signed_in()
    visitor = Client() if path in ("/auth/login/", "/auth/password/reset/") else client
    answer = visitor.get(path, follow=True)
    assert answer.status_code == 200
    assert b"setpoint" in answer.content.lower()
    assert b'class="panel' in answer.content or b'class="field' in answer.content


def test_wrong_password_says_so_without_saying_which() -> None:
    """See that the form explains itself and keeps the address."""
    UserFactory(email="liis@example.com")
    answer = Client().post("/auth/login/", {"login": "liis@example.com", "password": "not this one"})
    assert b"error-summary" in answer.content
    assert b"liis@example.com" in answer.content


def test_the_component_page_is_for_administrators() -> None:
    """See that others do not learn of it."""
    rep = Client()
    rep.force_login(UserFactory(rep=True))
    assert rep.get("/_design/").status_code == 404
    assert signed_in()[0].get("/_design/").status_code == 200


@pytest.mark.parametrize(("theme", "status"), [("dark", 302), ("light", 302), ("sepia", 422)])
def test_theme_is_kept_for_the_person(theme: str, status: int) -> None:
    """See that a theme is stored, shown from the first byte, and that others are refused."""
    client, user = signed_in(theme="system")
    assert client.post("/settings/theme/", {"theme": theme}).status_code == status
    user.refresh_from_db()
    assert user.theme == (theme if status == 302 else "system")
    assert f'data-theme="{user.theme}"'.encode() in client.get("/_design/").content


def test_every_place_of_the_navigation_exists() -> None:
    """See that no entry leads nowhere, and that a key leads to one place."""
    places = list(navigation.values())
    assert places
    assert all(reverse(place.url_name).startswith("/") for place in places)
    keys = [place.key for place in places if place.key]
    assert len(keys) == len(set(keys))


def test_shortcuts_can_be_switched_off() -> None:
    """See that single keys are the person's choice (WCAG 2.1.4)."""
    client, user = signed_in()
    client.post("/settings/shortcuts/", {})
    user.refresh_from_db()
    assert user.uses_shortcuts is False
    assert b'data-shortcuts="off"' in client.get("/_design/").content


def test_missing_page_stands_alone() -> None:
    """See that a wrong address gets a sentence and a way on."""
    answer = Client().get("/no/such/place/")
    assert answer.status_code == 404
    assert b"There is nothing here" in answer.content


def test_production_files_are_hashed(tmp_path: Path) -> None:
    """See that modules import each other by hashed names, a page's style is one file, and the typeface is there."""
    storage = {"staticfiles": {"BACKEND": "crm.storage.HashedModulesStorage"}}
    call_command("build_assets", verbosity=0)
    assert find("fonts/inter-latin.woff2")
    with override_settings(STORAGES=storage, STATIC_ROOT=tmp_path):
        call_command("collectstatic", verbosity=0, interactive=False)
    main = next(tmp_path.glob("js/main.*.js")).read_text()
    style = next(tmp_path.glob("css/setpoint.*.css")).read_text()
    assert ("@import" in style, ".topbar" in style, ".timeline" in style) == (False, True, True)
    assert re.search(r'import ?"\./theme\.[0-9a-f]{12}\.js"', main)
    assert next(tmp_path.glob("fonts/inter-latin.*.woff2")).stat().st_size < 100_000


def test_typeface_is_built_once(tmp_path: Path) -> None:
    """See that a second build finds nothing to do."""
    first = typeface.build(tmp_path)
    assert sorted(path.name for path in first) == ["inter-cyrillic.woff2", "inter-latin-ext.woff2", "inter-latin.woff2"]
    assert typeface.build(tmp_path) == []
