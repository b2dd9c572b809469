"""Tags, repeated requests, merged records, origins: what every record of the API keeps to."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import OperationalError, connection, connections
from django.test import Client
from django.utils import timezone

from crm.commands.idempotency import forget_answers
from crm.models import Account, IdempotencyKey
from tests.api.client import Api, assert_problem, checksum
from tests.factories.crm import AccountFactory, ActivityFactory, ContactFactory, UserFactory

pytestmark = pytest.mark.django_db


class TestTags:
    def test_a_record_carries_its_id_and_version(self, api: Api) -> None:
        account = AccountFactory(version=3)
        assert api.get(f"accounts/{account.pk}/")["ETag"] == f'"{account.pk}-3"'

    def test_what_is_unchanged_is_not_sent_again(self, api: Api) -> None:
        account = AccountFactory()
        tag = api.get(f"accounts/{account.pk}/")["ETag"]
        again = api.get(f"accounts/{account.pk}/", if_none_match=tag)
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
        assert api.get(f"accounts/{account.pk}/", if_none_match='"1-99"').status_code == 200

    def test_a_change_answers_with_the_new_tag(self, api: Api) -> None:
        account = AccountFactory(owner=api.user)
        changed = api.patch(f"accounts/{account.pk}/", {"name": "New"})
        assert (changed.status_code, changed["ETag"]) == (200, f'"{account.pk}-2"')
        assert api.get(f"accounts/{account.pk}/").json() == changed.json()

    @pytest.mark.parametrize("header", ["", "*"])
    def test_a_write_without_tag_is_refused(self, api: Api, header: str) -> None:
        account = AccountFactory(owner=api.user)
        before = checksum()
        assert_problem(api.patch(f"accounts/{account.pk}/", {"name": "New"}, if_match=header), 428, "if_match_missing")
        assert checksum() == before

    @pytest.mark.parametrize("header", ['"{pk}-1"', 'W/"{pk}-2"', '"2"', "{pk}-2", "nonsense", '"{pk}-3"', '""'])
    def test_a_stale_tag_is_refused(self, api: Api, header: str) -> None:
        account = AccountFactory(owner=api.user, version=2)
        before = checksum()
        response = api.patch(f"accounts/{account.pk}/", {"name": "New"}, if_match=header.format(pk=account.pk))
        assert_problem(response, 412, "stale_record")
        assert checksum() == before

    def test_two_who_read_the_same_version_do_not_overwrite_each_other(self, api: Api) -> None:
        account = AccountFactory(owner=api.user)
        tag = api.get(f"accounts/{account.pk}/")["ETag"]
        answers = [api.patch(f"accounts/{account.pk}/", {"city": city}, if_match=tag) for city in ("Tartu", "Narva")]
        assert [answer.status_code for answer in answers] == [200, 412]
        assert Account.objects.get().city == "Tartu"


class TestRepeats:
    def test_the_second_request_gets_the_first_answer(self, api: Api) -> None:
        first = api.post("accounts/", {"name": "Kardamon"}, idempotency_key="k1")
        again = api.post("accounts/", {"name": "Kardamon"}, idempotency_key="k1")
        assert (first.status_code, again.status_code) == (201, 201)
        assert again.json() == first.json()
        assert (again["ETag"], again["Location"]) == (first["ETag"], first["Location"])
        assert again["Idempotency-Replayed"] == "true"
        assert Account.objects.count() == 1

    def test_the_order_of_keys_is_no_difference(self, api: Api) -> None:
        api.post("accounts/", '{"name": "a", "city": "b"}', idempotency_key="k1")
        assert api.post("accounts/", '{"city":"b","name":"a"}', idempotency_key="k1").status_code == 201
        assert Account.objects.count() == 1

    def test_another_body_with_the_key_is_refused(self, api: Api) -> None:
        api.post("accounts/", {"name": "Kardamon"}, idempotency_key="k1")
        before = checksum()
        response = api.post("accounts/", {"name": "Other"}, idempotency_key="k1")
        assert_problem(response, 422, "idempotency_key_reused")
        assert checksum() == before

    def test_another_address_with_the_key_is_refused(self, api: Api) -> None:
        api.post("accounts/", {"name": "Kardamon"}, idempotency_key="k1")
        assert_problem(api.post("contacts/", {"name": "Kardamon"}, idempotency_key="k1"), 422, "idempotency_key_reused")

    def test_keys_belong_to_a_person(self, api: Api, other_api: Api) -> None:
        for each in (api, other_api):
            assert each.post("accounts/", {"name": each.user.name}, idempotency_key="k1").status_code == 201
        assert Account.objects.count() == 2

    def test_a_refused_request_leaves_the_key_free(self, api: Api) -> None:
        assert_problem(api.post("accounts/", {}, idempotency_key="k1"), 400)
        assert api.post("accounts/", {"name": "Kardamon"}, idempotency_key="k1").status_code == 201

    def test_after_a_day_the_key_is_free(self, api: Api) -> None:
        api.post("accounts/", {"name": "Kardamon"}, idempotency_key="k1")
        IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=25))
        assert api.post("accounts/", {"name": "Other"}, idempotency_key="k1").status_code == 201

    def test_what_nobody_can_ask_for_is_forgotten(self, api: Api) -> None:
        api.post("accounts/", {"name": "Kardamon"}, idempotency_key="k1")
        assert forget_answers(at=timezone.now()) == 0
        assert forget_answers(at=timezone.now() + timedelta(hours=25)) == 1

    @pytest.mark.parametrize("key", ["", " ", "k" * 201, "a\tb"], ids=repr)
    def test_a_key_is_printable(self, api: Api, key: str) -> None:
        headers = {"Authorization": f"Bearer {api.secret}", "Idempotency-Key": key}
        response = Client().post("/api/v1/accounts/", '{"name": "a"}', content_type="application/json", headers=headers)
        assert_problem(response, 400)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def together(self, *requests: Any) -> list[Any]:
        """Send the requests at the same moment, each over its own connection."""
        gate, answers = threading.Barrier(len(requests)), [None] * len(requests)

        def send(index: int, request: Any) -> None:
            try:
                gate.wait(timeout=10)
                answers[index] = request()
            finally:
                connections.close_all()

        threads = [threading.Thread(target=send, args=each) for each in enumerate(requests)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
        return answers

    def test_the_same_key_at_once_happens_once(self, api: Api) -> None:
        apis = [api] * 5
        answers = self.together(
            *(lambda each=each: each.post("accounts/", {"name": "Kardamon"}, idempotency_key="k1") for each in apis)
        )
        assert [answer.status_code for answer in answers] == [201] * 5
        assert len({answer.json()["id"] for answer in answers}) == 1
        assert Account.objects.count() == 1

    def test_a_second_request_that_waits_too_long_is_told_so(self, api: Api) -> None:
        other = connection.copy()
        try:
            other.set_autocommit(False)
            with other.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO crm_idempotencykey (user_id, key, digest, status, body, headers, created_at) "
                    "VALUES (%s, 'k1', '', 0, '{}', '{}', now())",
                    [api.user.pk],
                )
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '200ms'")
            answer = api.post("accounts/", {"name": "Kardamon"}, idempotency_key="k1")
            assert_problem(answer, 409, "request_under_way")
            assert answer["Retry-After"] == "1"
        finally:
            other.rollback()
            other.close()
        assert not Account.objects.exists()

    def test_one_of_several_writers_wins(self, api: Api) -> None:
        account = AccountFactory(owner=api.user)
        tag = api.get(f"accounts/{account.pk}/")["ETag"]
        answers = self.together(
            *(
                lambda city=city: api.patch(f"accounts/{account.pk}/", {"city": city}, if_match=tag)
                for city in ("Tartu", "Narva", "Valga", "Elva")
            )
        )
        assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
        account.refresh_from_db()
        assert account.version == 2


class TestMerged:
    def test_a_merged_record_redirects_to_where_it_went(self, api: Api) -> None:
        kept = AccountFactory()
        between = AccountFactory(merged_into=kept)
        lost = AccountFactory(merged_into=between)
        response = api.get(f"accounts/{lost.pk}/")
        assert (response.status_code, response["Location"]) == (308, f"/api/v1/accounts/{kept.pk}/")

    def test_so_does_a_write(self, api: Api) -> None:
        kept = AccountFactory()
        lost = AccountFactory(merged_into=kept)
        assert api.patch(f"accounts/{lost.pk}/", {"name": "New"}, if_match='"1-1"').status_code == 308


class TestOrigins:
    def test_the_audit_knows_that_the_api_changed_it_and_who(self, api: Api) -> None:
        account = AccountFactory(owner=api.user)
        response = api.patch(f"accounts/{account.pk}/", {"name": "New"})
        audit = apps.get_model("crm", "AccountAudit").objects.filter(pgh_obj_id=account.pk).latest("pgh_id")
        reference = response["X-Request-ID"]
        assert audit.pgh_context.metadata == {"via": "api", "reference": reference, "by": api.user.pk}

    def test_a_problem_names_the_request(self, api: Api) -> None:
        response = api.get("accounts/1/")
        assert assert_problem(response, 404)["request_id"] == response["X-Request-ID"]


class TestTrouble:
    def test_a_database_that_does_not_answer_is_503(self, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*args: Any) -> None:
            raise OperationalError("the connection is gone")

        with connection.execute_wrapper(fail):
            response = api.get("accounts/")
        assert_problem(response, 503, "unavailable")
        assert int(response["Retry-After"]) >= 1

    def test_what_nobody_expected_is_a_problem_with_a_request_id_only(self, api: Api) -> None:
        def fail(*args: Any) -> None:
            raise RuntimeError("secret of the house")

        api.client.raise_request_exception = False
        with connection.execute_wrapper(fail):
            response = api.get("accounts/")
        problem = assert_problem(response, 500, "failed")
        assert problem["request_id"] == response["X-Request-ID"]
        assert "secret" not in response.content.decode()


class TestShapes:
    def test_an_account(self, api: Api) -> None:
        body = {
            "external_id": "crm-1", "name": "Kardamon OÜ", "domain": "kardamon.example", "registration_number": "123",
            "industry": "Food", "employee_count": 40, "annual_revenue": {"amount": "1250000.00", "currency": "EUR"},
            "country": "EE", "city": "Tartu", "growth_stage": "steady", "technologies": ["python"], "parent": None,
            "kind": "prospect", "owner": str(api.user.pk), "source": None, "customer_since": None, "churned_on": None,
        }  # fmt: skip
        made = api.post("accounts/", body)
        assert made.status_code == 201
        record = made.json()
        moments = {name: record.pop(name) for name in ("created_at", "recorded_at")}
        pk = record.pop("id")
        assert record == body | {"version": 1, "archived_at": None}
        assert all(moment.endswith("Z") for moment in moments.values())
        assert made["Location"] == f"http://testserver/api/v1/accounts/{pk}/"

    def test_a_contact(self, api: Api) -> None:
        account = AccountFactory()
        body = {"account": str(account.pk), "first_name": "Rasa", "last_name": "Kask", "email": "Rasa@Example.com",
                "job_title": "CFO", "consent": True}  # fmt: skip
        made = api.post("contacts/", body)
        assert made.status_code == 201, made.content
        record = made.json()
        assert (record["account"], record["email"], record["seniority"]) == (
            str(account.pk),
            "rasa@example.com",
            "c_level",
        )
        assert api.patch(f"contacts/{record['id']}/", {"last_name": "Tamm"}).json()["last_name"] == "Tamm"

    def test_an_activity_is_planned_moved_and_completed(self, api: Api) -> None:
        contact = ContactFactory()
        body = {"kind": "meeting", "subject": "Demo", "occurred_at": "2026-03-02T10:00:00+02:00", "done": False,
                "contact": str(contact.pk)}  # fmt: skip
        made = api.post("activities/", body)
        assert made.status_code == 201, made.content
        record = made.json()
        assert (record["occurred_at"], record["done_at"], record["account"]) == (
            "2026-03-02T08:00:00Z", None, str(contact.account_id),
        )  # fmt: skip
        path = f"activities/{record['id']}/"
        assert api.patch(path, {"occurred_at": "2026-03-03T08:00:00Z"}).json()["occurred_at"] == "2026-03-03T08:00:00Z"
        done = api.patch(path, {"done": True, "outcome": "held"})
        assert done.status_code == 200, done.content
        assert (done.json()["outcome"], done.json()["is_customer_action"]) == ("held", True)
        assert_problem(api.patch(path, {"subject": "a", "outcome": "held"}), 400)

    def test_people_and_teams_are_read_only(self, api: Api, rep: Any, team: Any) -> None:
        person = api.get(f"users/{rep.pk}/").json()
        assert (person["roles"], person["team"], person["email"]) == (["rep"], str(team.pk), rep.email)
        assert "password" not in person
        assert api.get(f"teams/{team.pk}/").json()["name"] == team.name
        assert_problem(api.post("users/", {"email": "a@example.com"}), 405)
        assert_problem(api.post("teams/", {"name": "a"}), 405)


class TestRights:
    def test_what_is_not_ones_own_is_read_but_not_changed(self, api: Api) -> None:
        account = AccountFactory(owner=UserFactory(rep=True))
        before = checksum()
        assert_problem(api.patch(f"accounts/{account.pk}/", {"name": "Mine"}), 403, "not_permitted")
        assert checksum() == before

    def test_marketing_reads_and_adds_no_accounts(self, marketing_api: Api) -> None:
        before = checksum()
        assert marketing_api.get("accounts/").status_code == 200
        assert_problem(marketing_api.post("accounts/", {"name": "a"}), 403, "not_permitted")
        assert checksum() == before

    def test_a_taken_domain_is_refused_by_name(self, api: Api) -> None:
        AccountFactory(domain="kardamon.example")
        problem = assert_problem(api.post("accounts/", {"name": "a", "domain": "kardamon.example"}), 422, "taken")
        assert list(problem["errors"]) == ["domain"]
        assert problem["refusals"][0]["code"] == "taken"

    def test_a_contributor_finds_nothing(self) -> None:
        contributor = UserFactory(contributor=True)
        client = Client()
        client.force_login(contributor)
        ActivityFactory()
        for path in ("accounts/", "contacts/", "activities/", "users/", "teams/", "tokens/"):
            assert_problem(client.get(f"/api/v1/{path}"), 404)
