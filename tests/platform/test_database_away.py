"""A database that is away, busy or caught in a deadlock: 503 and when to come again, or simply once more."""

from contextlib import contextmanager

import psycopg2
import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.http import HttpResponse
from django.test import Client

from crm.lib.http import action, page
from tests.factories.crm import AccountFactory, UserFactory
from tests.testing import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser():
    """Somebody signed in, who gets the answer a person would get and not the exception."""
    client = Client(raise_request_exception=False)
    client.force_login(UserFactory(admin=True))
    return client


@contextmanager
def database_away(only="", error=OperationalError):
    """Fail every statement, or those that name a table."""

    def fail(execute, sql, params, many, context):
        if only in sql:
            raise error("server closed the connection unexpectedly")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail):
        yield


def assert_come_again(answer):
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "2", "no-store")
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize("address", ["/", "/pipeline/", "/accounts/", "/leads/", "/reports/", "/settings/", "/admin/"])
def test_every_page_says_when_to_come_again(browser, address):
    with database_away():
        answer = browser.get(address)
    assert_come_again(answer)
    assert "Setpoint needs a moment" in text(answer)


@pytest.mark.parametrize("table", ["django_session", "crm_user", "crm_account", "crm_organisation"])
@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_wherever_in_a_request_it_goes_away(browser, table, error):
    AccountFactory()
    with database_away(table, error):
        assert_come_again(browser.get("/accounts/"))


def test_forms_fragments_and_sign_in_say_so_too(browser):
    with database_away():
        assert_come_again(browser.post("/accounts/create/", {"name": "Viljandi"}))
        assert_come_again(browser.get("/accounts/", headers={"HX-Request": "true"}))
        assert_come_again(
            Client(raise_request_exception=False).post("/auth/login/", {"login": "a@b.ee", "password": "x"})
        )


def test_the_api_answers_in_its_own_words_though_it_fails_around_the_view(browser):
    with database_away("django_session"):
        answer = browser.get("/api/v1/accounts/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert (answer["Content-Type"], answer.json()["code"]) == ("application/problem+json", "unavailable")


def test_our_own_mistakes_stay_mistakes(browser):
    with database_away(error=DatabaseError):
        assert browser.get("/accounts/").status_code == 500


def raise_in_database(code):
    """Fail as PostgreSQL does, in a transaction that it takes back."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'so' USING ERRCODE = '{code}'; END $$")


class Once:
    """A view that fails in the database the first times."""

    def __init__(self, failures, code="40P01"):
        self.failures, self.code, self.asked = failures, code, 0

    def __call__(self, request):
        self.asked += 1
        if self.asked <= self.failures:
            raise_in_database(self.code)
        return HttpResponse("done")


def ask(rf, decorator, view):
    """Call a view as a signed-in person."""
    request = rf.get("/") if decorator is page else rf.post("/")
    request.user = UserFactory.build()
    return decorator(view)(request)


@pytest.mark.parametrize("decorator", [page, action])
@pytest.mark.parametrize("code", ["40P01", "40001"])
def test_what_the_database_took_back_is_asked_again_up_to_three_times(rf, decorator, code):
    view = Once(2, code)
    assert (ask(rf, decorator, view).content, view.asked) == (b"done", 3)
    stubborn = Once(3, code)
    with pytest.raises(OperationalError):
        ask(rf, decorator, stubborn)
    assert stubborn.asked == 3


@pytest.mark.parametrize("decorator", [page, action])
@pytest.mark.parametrize("code", ["55P03", "57014", "23505"])
def test_nothing_else_is(rf, decorator, code):
    view = Once(1, code)
    with pytest.raises(DatabaseError):
        ask(rf, decorator, view)
    assert view.asked == 1


def test_nobody_is_anonymous_to_a_view(rf):
    request = rf.post("/")
    request.user = AnonymousUser()
    assert action(Once(0))(request).status_code == 302


@pytest.mark.django_db(transaction=True)
class TestLostConnection:
    def cut(self):
        """End the connection as a restart of the server does."""
        connection.ensure_connection()
        pid = connection.connection.info.backend_pid
        other = psycopg2.connect(**connection.get_connection_params())
        with other, other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        other.close()

    def view(self, request):
        self.asked += 1
        if self.asked == 1:
            self.cut()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return HttpResponse("done")

    def test_what_only_reads_is_asked_again_on_a_new_one(self, rf):
        self.asked = 0
        assert (ask(rf, page, self.view).content, self.asked) == (b"done", 2)

    def test_a_write_is_not_for_it_may_have_arrived(self, rf):
        self.asked = 0
        with pytest.raises((OperationalError, InterfaceError)):
            ask(rf, action, self.view)
        assert self.asked == 1
        connection.close()
