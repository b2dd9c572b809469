"""What every test gets: its own database, its own broker, strict warnings, a browser where it asks for one."""

import os
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.test import TransactionTestCase, override_settings
from hypothesis import HealthCheck, settings

from tests.databases import TestDatabase

settings.register_profile(
    "ci", max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("long", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

pytest_plugins = ["tests.browsers"]

# A Wednesday, with the weekend and most of a quarter behind it.
DEMO_DAY = date(2026, 3, 4)
DEMO_PASSWORD = "demo-demo-2026"


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Send worker and kill tests to one process and browser tests to the other, one after another, and begin with them.

    Marked before xdist reads the groups, put in front after the shuffle.
    """
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("browser"))
        elif item.get_closest_marker("serial"):
            item.add_marker(pytest.mark.xdist_group("serial"))
    yield
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say in so many words how many tests ran and how many did not."""
    counts = {name: len(terminalreporter.stats.get(name, [])) for name in ("passed", "failed", "skipped")}
    ran = counts["passed"] + counts["failed"]
    terminalreporter.write_line(f"{ran} tests ran, {counts['skipped']} were skipped.")


@pytest.fixture(scope="session")
def test_database(worker_id: str) -> TestDatabase:
    """Give the database of this test process."""
    return TestDatabase("gw0" if worker_id == "master" else worker_id)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: Any, test_database: TestDatabase
) -> Iterator[None]:
    """Clone the database from the template, which pytest-django would migrate in every process."""
    with django_db_blocker.unblock():
        test_database.ensure_template()
        test_database.clone()
    # A test that commits leaves rows, and a flush would take what the migrations put there as well.
    TransactionTestCase._fixture_teardown = lambda case: test_database.clone()
    yield
    with django_db_blocker.unblock():
        test_database._point_django_at(test_database.original)
        test_database.drop()


@pytest.fixture(scope="session")
def demo_company(
    django_db_setup: None, django_db_blocker: Any, test_database: TestDatabase, tmp_path_factory: Any
) -> Iterator[TestDatabase]:
    """Give a database of its own that holds the demo company of `DEMO_DAY`: made once, for serial tests that only read.

    Such a test says `with demo_company.used():`.
    """
    company = test_database.beside("demo")
    with django_db_blocker.unblock(), company.used(), override_settings(VAR_DIR=tmp_path_factory.mktemp("demo")):
        company.clone()
        call_command("demo", on=DEMO_DAY, password=DEMO_PASSWORD, verbosity=0)
    yield company
    with django_db_blocker.unblock():
        company.drop()
