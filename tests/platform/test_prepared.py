"""Queries planned once a connection."""

import pytest
from django.db import DatabaseError, connection, transaction

from crm.lib.prepared import PLANS, ask

pytestmark = pytest.mark.django_db


def kept(part: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE strpos(statement, %s) > 0", [part])
        return int(cursor.fetchone()[0])


def test_one_plan_serves_whatever_is_given(django_assert_num_queries):
    sql = "SELECT %(word)s::text || '%%', n FROM unnest(%(numbers)s::int[]) n WHERE n <> ALL(%(numbers)s) OR n > 1"
    with django_assert_num_queries(2):
        assert ask(sql, {"word": "o'clock", "numbers": [1, 2], "never": "asked"}) == [("o'clock%", 2)]
        assert ask(sql, {"numbers": [], "word": None}) == []
    assert kept("|| '%', n FROM unnest($2") == 1


def test_what_was_asked_for_longest_ago_is_forgotten():
    for number in range(PLANS + 3):
        assert ask(f"SELECT {number} AS forgotten", {}) == [(number,)]
    assert kept("AS forgotten") == PLANS
    assert ask("SELECT 0 AS forgotten", {}) == [(0,)]


def test_what_took_too_long_is_not_prepared_once_more():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 10")
        for _ in range(3):
            with pytest.raises(DatabaseError, match="timeout"), transaction.atomic():
                ask("SELECT pg_sleep(%(seconds)s) AS sleeping", {"seconds": 5})
    assert kept("AS sleeping") == 1


def test_it_goes_on_when_a_table_changed_or_a_transaction_was_taken_back():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE changing (n int); INSERT INTO changing VALUES (1)")
        assert ask("SELECT * FROM changing", {}) == [(1,)]
        cursor.execute("ALTER TABLE changing ALTER n TYPE text")
        with pytest.raises(DatabaseError, match="result type"), transaction.atomic():
            ask("SELECT * FROM changing", {})
        with transaction.atomic():
            assert ask("SELECT * FROM changing", {}) == [("1",)]
            transaction.set_rollback(True)
        assert ask("SELECT * FROM changing", {}) == [("1",)]
        cursor.execute("DROP TABLE changing")
