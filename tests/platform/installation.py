"""A whole Setpoint under `manage.py up`, in a directory of its own, whose processes a test may kill."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from http.cookies import SimpleCookie
from pathlib import Path

import psycopg2
from django.conf import settings
from psycopg2.extras import Json

FROM_THE_TEST_RUN = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "PYTEST_XDIST_WORKER", "PORT", "DEBUG")
# Runs with the engines of the installation, which its `manage.py` starts for the length of a command.
COPY = """
import os, subprocess
from crm.embedded.binaries import find_postgres
options = ["--no-owner", "--no-privileges", "--no-comments"]
dump = subprocess.run([find_postgres() / "pg_dump", *options, "{url}"], capture_output=True, check=True)
target = [find_postgres() / "psql", "--quiet", "--set=ON_ERROR_STOP=1", os.environ["DATABASE_URL"]]
subprocess.run(target, input=dump.stdout, stdout=subprocess.DEVNULL, check=True)
"""


def eventually(look, *, seconds=30, pause=0.1):
    """Return what `look` gives once it is true.

    :raises AssertionError: it did not come true in time
    """
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, f"nothing after {seconds} s"
        time.sleep(pause)
    return found


def children(pid):
    """Return the processes a process started."""
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(word) for word in listed.stdout.split()]


def is_running(pid):
    """Tell whether a process is there and not merely waiting to be reaped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Browser:
    """Asks an installation as a browser does, and follows no redirect."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies = port, SimpleCookie()

    def ask(self, path, form=None):
        """Return the status and the headers of the answer; with a form it is sent."""
        headers = {"Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())}
        if form is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-CSRFToken": self.cookies["csrftoken"].value,
            }
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET" if form is None else "POST", path, urllib.parse.urlencode(form or {}), headers)
            answer = connection.getresponse()
            answer.read()
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            self.cookies.load(cookie)
        return answer.status, answer.headers

    def sign_in(self, email, password):
        """Come in through the sign-in page."""
        self.ask("/auth/login/")
        status, headers = self.ask("/auth/login/", {"login": email, "password": password})
        assert (status, headers["Location"]) == (302, "/")


class Installation:
    """`up` in `place`; `supervisor` is its process."""

    def __init__(self, place: Path, port: int) -> None:
        self.place, self.port, self.supervisor = place, port, None
        self.environment = {key: value for key, value in os.environ.items() if key not in FROM_THE_TEST_RUN} | {
            "SETPOINT_VAR": str(place),
            "DJANGO_SETTINGS_MODULE": "tests.platform.notes.settings",
            "ADMIN_EMAIL": "first@setpoint.example",
            "ADMIN_PASSWORD": "copper-meadow-71",
        }

    def manage(self, *arguments, **options):
        """Run a command of `manage.py` to its end."""
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=settings.BASE_DIR, env=self.environment, capture_output=True, text=True, check=False, **options
        )

    def fill_from(self, url):
        """Copy another database into its own, which saves the time of migrating once more."""
        copied = self.manage("shell", "-v0", "-c", COPY.format(url=url))
        assert copied.returncode == 0, copied.stderr

    def start(self):
        """Run `up` until its pages answer."""
        command = [sys.executable, "manage.py", "up", "--no-demo", "--port", str(self.port)]
        self.log = self.place / "up.log"
        with open(self.log, "ab") as log:
            self.supervisor = subprocess.Popen(
                command, cwd=settings.BASE_DIR, env=self.environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        eventually(lambda: self.supervisor.poll() is not None or self.answer("readyz") == 200, seconds=240)
        assert self.supervisor.poll() is None, self.log.read_text()

    def stop(self):
        """End it as Ctrl-C does."""
        if self.supervisor and self.supervisor.poll() is None:
            self.supervisor.send_signal(signal.SIGINT)
            self.supervisor.wait(60)

    def answer(self, path):
        """Return the status a page answers with; None where nobody listens."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{path}", timeout=5) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return None

    def signed_in(self, email, password):
        """Return a browser of somebody who works there."""
        browser = Browser(self.port)
        browser.sign_in(email, password)
        return browser

    def process(self, name):
        """Return the child of the supervisor that runs a program or module, or is told this one word."""
        for pid in children(self.supervisor.pid):
            try:
                arguments = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ").split()
            except OSError:
                continue
            if any(argument.rpartition("/")[2] == name for argument in arguments):
                return pid
        return None

    def tree(self):
        """Return the supervisor's children and theirs."""
        direct = children(self.supervisor.pid)
        return direct + [pid for child in direct for pid in children(child)]

    def kill(self, pid):
        """Kill -9, and wait until it is gone."""
        os.kill(pid, signal.SIGKILL)
        if self.supervisor and pid == self.supervisor.pid:
            self.supervisor.wait(10)
        eventually(lambda: not is_running(pid))

    @property
    def urls(self):
        """Return where its engines listen."""
        return json.loads((self.place / "engines.json").read_text())["urls"]

    def sql(self, statement, *parameters):
        """Run a statement in its database and return the rows."""
        connection = psycopg2.connect(self.urls["DATABASE_URL"])
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(statement, parameters)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def ask(self, task, **kwargs):
        """Put a job into the outbox, as a command does that nobody nudges for."""
        self.sql("INSERT INTO crm_job (task, kwargs, state, not_before, attempts, lease_token, error)"
                 " VALUES (%s, %s, 'queued', now(), 0, 0, '')", task, Json(kwargs))  # fmt: skip

    def notes(self):
        """Return the notes that are there, in order."""
        return [row[0] for row in self.sql("SELECT note FROM notes ORDER BY note")]

    def let_time_pass(self, seconds):
        """Make all that was told to workers that much older: a relay waits before it tells them again."""
        self.sql("UPDATE crm_job SET published_at = published_at - make_interval(secs => %s)", seconds)

    def unfinished(self):
        """Return the test's jobs that are not done."""
        return self.sql("SELECT id, state, attempts, error FROM crm_job WHERE task LIKE 'notes.%%' AND state <> 'done'")
