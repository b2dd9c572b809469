"""The engines Setpoint runs itself: nobody's superuser, nobody else's to reach, and never deleted."""

import os
import shutil
import signal
import stat
import subprocess
import sys

import psycopg2
import pytest
import redis

from crm.embedded import isolation, postgres
from crm.embedded.binaries import find_postgres, find_valkey
from crm.embedded.engines import Engines, engines_for_command
from crm.embedded.files import free_port, is_free, try_lock
from crm.embedded.services import ServiceFailed
from tests.platform.installation import eventually, is_running

pytestmark = pytest.mark.serial


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A directory for engines, in a process whose environment names none."""
    for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY"):
        monkeypatch.setenv(name, "")
    return tmp_path / "var"


@pytest.fixture
def engines(place):
    started = Engines(place)
    started.start()
    yield started
    started.stop()


def ask(engines, statement):
    connection = psycopg2.connect(engines.urls()["DATABASE_URL"])
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone() if cursor.description else None
    finally:
        connection.close()


def test_the_apps_role_is_no_superuser_and_can_still_install_what_it_needs(engines):
    rights = "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
    assert ask(engines, rights) == (False, False, False)
    ask(engines, "CREATE EXTENSION pg_trgm; CREATE EXTENSION unaccent; CREATE EXTENSION btree_gist")
    assert ask(
        engines, "SELECT datlocprovider, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'setpoint'"
    ) == (
        "b",
        "UTF8",
    )


def test_only_our_user_on_this_machine_reaches_them(engines, place):
    assert ask(engines, "SHOW listen_addresses") == ("127.0.0.1",)
    secret = [place / "postgres" / "passwords.json", place / "valkey" / "password", place / "valkey" / "valkey.conf"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in secret} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (place, place / "postgres", place / "valkey")} == {0o700}
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(
            host="127.0.0.1", port=engines.ports["DATABASE_URL"], user="postgres", password="", dbname="setpoint"
        )
    with redis.Redis(port=engines.ports["REDIS_URL"]) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()


def test_a_killed_database_keeps_every_acknowledged_row(engines, place):
    ask(engines, "CREATE TABLE kept (id int)")
    for number in range(50):
        ask(engines, f"INSERT INTO kept VALUES ({number})")
    engine, process = engines.processes[0]
    process.kill()
    process.wait()
    again = engine.service.spawn()
    engines.processes[0] = (engine, again)
    engines.ready(engine, again)
    assert ask(engines, "SELECT count(*) FROM kept") == (50,)


def test_a_second_start_in_the_same_place_fails_and_harms_nothing(engines, place):
    other = Engines(place)
    service = other.by_variable["DATABASE_URL"].service
    process = service.spawn()
    with pytest.raises(ServiceFailed, match="remove the file yourself"):
        other.ready(other.by_variable["DATABASE_URL"], process)
    assert ask(engines, "SELECT 1") == (1,)


def test_a_lock_file_that_names_another_program_is_never_removed(place):
    first = Engines(place)
    first.start()
    ask(first, "CREATE TABLE kept (id int)")
    first.stop()
    with subprocess.Popen(["sleep", "60"]) as sleeper:
        lock = place / "postgres" / "data" / "postmaster.pid"
        lock.write_text(f"{sleeper.pid}\n{place}/postgres/data\n1\n5432\n\n127.0.0.1\n  1 1\nready\n")
        with pytest.raises(ServiceFailed, match=f"names process {sleeper.pid}"):
            Engines(place).start()
        assert lock.exists()
        sleeper.kill()
    again = Engines(place)
    again.start()
    assert ask(again, "SELECT count(*) FROM kept") == (0,)
    again.stop()


def test_a_start_that_broke_off_is_no_database(place):
    half = place / "postgres" / "data.123"
    half.mkdir(parents=True)
    engines = Engines(place)
    engines.start()
    assert ask(engines, "SELECT 1") == (1,)
    engines.stop()
    assert half.exists(), "nothing is deleted"


def test_another_port_is_taken_where_the_usual_one_is_in_use(engines, place):
    port = engines.ports["DATABASE_URL"]
    assert not is_free(port)
    assert free_port(port) not in {0, port}
    engines.announce(kind="test")
    engines.stop()
    assert Engines(place).ports == engines.ports, "the same ones again when they are free"


def test_a_command_starts_engines_and_stops_them_after_itself(place):
    with engines_for_command(place):
        url = os.environ["DATABASE_URL"]
        psycopg2.connect(url).close()
        assert try_lock(place / "engines.lock") is None
        os.environ["DATABASE_URL"] = os.environ["REDIS_URL"] = ""
        with engines_for_command(place):
            assert os.environ["DATABASE_URL"] == url, "a second command uses those of the first"
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(url)
    freed = try_lock(place / "engines.lock")
    assert freed is not None
    freed.close()


@pytest.mark.skipif(not isolation.is_root(), reason="only root gives up being root")
def test_where_the_kernel_refuses_a_namespace_root_becomes_nobody(place, monkeypatch):
    monkeypatch.setattr(isolation, "may_use_namespace", lambda: False)
    shared = postgres.SHARED_PLACE
    existed = shared.exists()
    engines = Engines(place)
    try:
        engines.start()
        process = engines.processes[0][1]
        with open(f"/proc/{process.pid}/status") as status:
            uids = next(line.split()[1:] for line in status if line.startswith("Uid"))
        assert set(uids) == {str(isolation.guest().pw_uid)}
        assert ask(engines, "SELECT 1") == (1,)
    finally:
        engines.stop()
        shutil.rmtree(engines.by_variable["DATABASE_URL"].home)
        if not existed:
            shutil.rmtree(shared)


def test_the_engines_end_with_the_process_that_started_them(place, tmp_path):
    program = (
        "import sys, time; from pathlib import Path; from crm.embedded.engines import Engines\n"
        f"engines = Engines(Path({str(place)!r})); engines.start()\n"
        "print(*[process.pid for _, process in engines.processes], flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as starter:
        pids = [int(word) for word in starter.stdout.readline().split()]
        assert [is_running(pid) for pid in pids] == [True, True]
        starter.send_signal(signal.SIGKILL)
    eventually(lambda: not any(is_running(pid) for pid in pids), seconds=20)


def test_the_packages_programs_come_first():
    assert find_postgres().parts[-2:] == ("pginstall", "bin")
    assert find_valkey().name == "valkey-server"
