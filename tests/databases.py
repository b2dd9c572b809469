"""One migrated template, from which every test process clones its own database (D-15)."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from copy import copy
from pathlib import Path

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from psycopg2 import sql

MIGRATING = 5_371_001  # advisory lock: one process makes the template, the others wait


def fingerprint() -> str:
    """Return what changes whenever the template must be made anew."""
    files = sorted(Path(settings.BASE_DIR).glob("*/migrations/*.py"))
    digest = hashlib.sha256((Path(settings.BASE_DIR) / "requirements-dev.lock").read_bytes())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


class TestDatabase:
    """The database of this test process: `name` is cloned from `template`, and anew after it was spoilt."""

    __test__ = False

    def __init__(self, worker: str) -> None:
        self.settings = connection.settings_dict
        self.original = self.settings["NAME"]
        self.name = f"test_{self.original}_{worker}"
        self.prefix = f"test_{self.original}_template_"
        self.template = self.prefix + fingerprint()

    def ensure_template(self) -> None:
        """Migrate once for all processes and runs that have the same migrations."""
        with self._server() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [self.prefix + "%"])
            existing = [row[0] for row in cursor.fetchall()]
            if self.template in existing:
                return
            for stale in existing:
                cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(stale)))
            draft = self.prefix + "draft"
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
            self._point_django_at(draft)
            call_command("migrate", interactive=False, verbosity=0)
            connections.close_all()
            cursor.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(self.template))
            )

    def clone(self) -> None:
        """Replace this process's database by a fresh copy; whoever is still connected is cut off."""
        connections.close_all()
        self.drop()
        with self._server() as cursor:
            cursor.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                    sql.Identifier(self.name), sql.Identifier(self.template)
                )
            )
        self._point_django_at(self.name)

    @contextmanager
    def used(self) -> Iterator[None]:
        """Point Django at this database for a while."""
        before = self.settings["NAME"]
        self._point_django_at(self.name)
        try:
            yield
        finally:
            self._point_django_at(before)

    def beside(self, suffix: str) -> "TestDatabase":
        """Return a second database of this process, still to be cloned."""
        other = copy(self)
        other.name = f"{self.name}_{suffix}"
        return other

    def drop(self) -> None:
        """Remove this process's database; an autovacuum worker in it may not be cut off, but soon goes by itself."""
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.name))
        with self._server() as cursor:
            for pause in (0.2, 0.5, 1, 2, 4):
                with suppress(psycopg2.errors.InsufficientPrivilege):
                    cursor.execute(drop)
                    return
                time.sleep(pause)
            cursor.execute(drop)

    def url(self) -> str:
        """Return the address for programs a test starts."""
        user, password = self.settings["USER"], self.settings.get("PASSWORD") or ""
        secret = f":{password}" if password else ""
        return f"postgres://{user}{secret}@{self.settings['HOST']}:{self.settings['PORT']}/{self.name}"

    def _point_django_at(self, name: str) -> None:
        connections.close_all()
        settings.DATABASES["default"]["NAME"] = name
        self.settings["NAME"] = name

    @contextmanager
    def _server(self) -> Iterator["psycopg2.extensions.cursor"]:
        server = psycopg2.connect(
            host=self.settings["HOST"],
            port=self.settings["PORT"] or 5432,
            user=self.settings["USER"],
            password=self.settings.get("PASSWORD") or None,
            dbname="postgres",
        )
        server.autocommit = True
        try:
            with server.cursor() as cursor:
                yield cursor
        finally:
            server.close()
