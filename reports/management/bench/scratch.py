"""A database of its own for a benchmark, made and dropped by it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.core.management.base import CommandError
from django.db import Error, connection


@contextmanager
def scratch_database() -> Iterator[str]:
    """Make a migrated, empty database beside the configured one and work in it; give its address for other processes.

    :raises CommandError: the role may not make databases
    """
    original = settings.DATABASES["default"]["NAME"]
    connection.settings_dict["TEST"]["NAME"] = f"{original}_bench"
    try:
        name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    except (Error, SystemExit) as error:
        raise CommandError(
            f"No scratch database could be made ({error}). Use a role that may create databases."
        ) from None
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")  # a page's limit; filling and tidying take longer
        yield _address(name)
    finally:
        connection.creation.destroy_test_db(original, verbosity=0)


def _address(name: str) -> str:
    given = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(given._replace(path=f"/{name}"))
