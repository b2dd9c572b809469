"""Kill -9, of anything, while it works: nothing acknowledged is lost, nothing happens twice (reliability.md 5)."""

import base64
import json
import os
import signal
import threading
import time
import uuid

import pytest
import redis

from crm.embedded.files import free_port
from crm.queries.jobs import LOOK_AGAIN_AFTER, REPUBLISH_AFTER
from tests.conftest import DEMO_PASSWORD
from tests.platform.installation import Installation, children, eventually, is_running

pytestmark = pytest.mark.serial
MANY = 16


@pytest.fixture(scope="module")
def running(tmp_path_factory, demo_company):
    """One installation for all tests of this module; each leaves it running."""
    installation = Installation(tmp_path_factory.mktemp("installation"), free_port())
    try:
        installation.fill_from(demo_company.url())
        installation.start()
        installation.sql("CREATE TABLE notes (note integer)")
        yield installation
    finally:
        installation.stop()


@pytest.fixture
def setpoint(running):
    running.sql("TRUNCATE notes")
    running.sql("DELETE FROM crm_job WHERE task LIKE 'notes.%%'")
    return running


def pool_process(setpoint):
    """Return a process that runs jobs."""
    return eventually(lambda: children(setpoint.process("worker") or 0))[0]


def wait_for_notes(setpoint, count):
    eventually(lambda: len(setpoint.notes()) >= count, seconds=60)


def assert_all_written_once(setpoint):
    eventually(lambda: setpoint.unfinished() == [], seconds=90)
    assert setpoint.notes() == list(range(MANY))


def test_a_second_start_is_refused_and_changes_nothing(setpoint):
    refused = setpoint.manage("up", "--no-demo")
    assert refused.returncode == 1
    assert f"it runs already at http://localhost:{setpoint.port}" in refused.stderr
    eventually(lambda: setpoint.answer("readyz") == 200)  # another test may just have killed a part of it


def test_another_command_uses_the_engines_that_run(setpoint):
    checked = setpoint.manage("migrate", "--check")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert setpoint.answer("readyz") == 200


def test_workers_killed_while_they_work_lose_nothing_and_repeat_nothing(setpoint):
    for note in range(MANY):
        setpoint.ask("notes.write", note=note, seconds=0.5)
    wait_for_notes(setpoint, 2)
    setpoint.kill(pool_process(setpoint))
    wait_for_notes(setpoint, 5)
    setpoint.kill(setpoint.process("worker"))
    assert_all_written_once(setpoint)


def test_a_job_in_steps_goes_on_where_its_worker_was_killed(setpoint):
    setpoint.ask("notes.write_in_steps", notes=list(range(MANY)), seconds=0.3)
    wait_for_notes(setpoint, 4)
    setpoint.kill(setpoint.process("worker"))
    setpoint.let_time_pass(LOOK_AGAIN_AFTER.seconds)
    assert_all_written_once(setpoint)
    assert setpoint.sql("SELECT attempts FROM crm_job WHERE task LIKE 'notes.%%'") == [(2,)]


def test_an_emptied_broker_loses_nothing(setpoint):
    setpoint.ask("notes.write", note=0, seconds=0)
    wait_for_notes(setpoint, 1)
    with redis.Redis.from_url(setpoint.urls["REDIS_URL"]) as client:
        client.flushall()
    for note in range(1, MANY):
        setpoint.ask("notes.write", note=note, seconds=0)
    # Told of, but the message is gone.
    setpoint.sql("UPDATE crm_job SET published_at = now() WHERE state = 'queued'")
    setpoint.let_time_pass(REPUBLISH_AFTER.seconds)
    assert_all_written_once(setpoint)


def test_a_killed_broker_and_a_killed_database_come_back(setpoint):
    for note in range(MANY):
        setpoint.ask("notes.write", note=note, seconds=0.3)
    wait_for_notes(setpoint, 2)
    acknowledged = setpoint.notes()
    setpoint.kill(setpoint.process("valkey-server"))
    setpoint.kill(setpoint.process("postgres"))
    eventually(lambda: setpoint.answer("readyz") == 200, seconds=60)
    assert set(acknowledged) <= set(setpoint.notes())
    assert_all_written_once(setpoint)


def test_a_killed_supervisor_leaves_nothing_behind_and_the_next_start_goes_on(setpoint):
    for note in range(MANY):
        setpoint.ask("notes.write", note=note, seconds=0.4)
    wait_for_notes(setpoint, 3)
    acknowledged, tree = setpoint.notes(), setpoint.tree()
    assert len(tree) > 5
    setpoint.kill(setpoint.supervisor.pid)
    eventually(lambda: not any(is_running(pid) for pid in tree), seconds=20)
    setpoint.start()
    setpoint.let_time_pass(LOOK_AGAIN_AFTER.seconds)
    assert set(acknowledged) <= set(setpoint.notes())
    assert_all_written_once(setpoint)


def test_a_worker_that_slept_does_not_undo_what_its_successor_did(setpoint):
    for note in range(MANY):
        setpoint.ask("notes.write", note=note, seconds=0.5)
    wait_for_notes(setpoint, 1)
    sleeper = pool_process(setpoint)
    stuck = eventually(lambda: stop_at_work(setpoint, sleeper))
    setpoint.sql("UPDATE crm_job SET lease_until = now() WHERE id = ANY(%s)", stuck)
    setpoint.let_time_pass(LOOK_AGAIN_AFTER.seconds)
    unattended = "SELECT 1 FROM crm_job WHERE id = ANY(%s) AND state = 'running' AND attempts = 1"
    eventually(lambda: not setpoint.sql(unattended, stuck))
    os.kill(sleeper, signal.SIGCONT)
    assert_all_written_once(setpoint)


def stop_at_work(setpoint, sleeper):
    """Stop a process and return the jobs that stand still with it; none where it was between two, and goes on."""
    os.kill(sleeper, signal.SIGSTOP)
    at_work = "SELECT id FROM crm_job WHERE task = 'notes.write' AND state = 'running'"
    before = set(setpoint.sql(at_work))
    time.sleep(1)  # twice as long as one of these jobs takes
    stuck = [job_id for (job_id,) in before & set(setpoint.sql(at_work))]
    if not stuck:
        os.kill(sleeper, signal.SIGCONT)
    return stuck


ASK_FOR_A_REVIEW = """
from django.utils import timezone
from crm.models import Team
from reports.commands.qbrs import ask_qbr
team = Team.objects.filter(parent=None).first()
ask_qbr(team_id=team.pk, quarter=f"{timezone.now().year - 1}Q4", by=None, at=timezone.now())
"""


def test_a_quarter_review_is_built_once_though_its_workers_are_killed(setpoint):
    asked = setpoint.manage("shell", "-v0", "-c", ASK_FOR_A_REVIEW)
    assert (asked.returncode, asked.stderr) == (0, "")
    eventually(lambda: setpoint.sql("SELECT 1 FROM reports_qbrpart WHERE state <> 'waiting'"))
    setpoint.kill(pool_process(setpoint))
    time.sleep(0.5)
    setpoint.kill(setpoint.process("worker"))
    eventually(lambda: setpoint.sql("SELECT state FROM reports_qbrrun") == [("ready",)], seconds=90)
    parts = setpoint.sql("SELECT state, payload IS NOT NULL, error FROM reports_qbrpart")
    assert set(parts) == {("done", True, "")}
    actions = setpoint.sql("SELECT text FROM reports_qbraction")
    assert len(actions) == len(set(actions))


def test_scores_equal_a_recomputation_after_the_worker_that_made_them_was_killed(setpoint):
    ours = "FROM crm_job WHERE task LIKE 'scoring.%%'"
    eventually(lambda: not setpoint.sql(f"SELECT 1 {ours} AND state <> 'done'"), seconds=90)
    setpoint.sql(
        f"DELETE {ours}"
    )  # the company's rules were applied once already, and the same parts are asked for once
    crossings = setpoint.sql("SELECT count(*) FROM scoring_crossing")
    setpoint.sql("UPDATE scoring_leadscore SET score = score + 7, behaviour = behaviour + 7")
    [(model_id,)] = setpoint.sql("SELECT max(model_id) FROM scoring_leadscore")
    setpoint.ask("scoring.apply_model", model_id=model_id)
    mine = "FROM crm_job WHERE id = (SELECT max(id) FROM crm_job WHERE task = 'scoring.apply_model')"
    eventually(lambda: setpoint.sql(f"SELECT 1 {mine} AND state <> 'queued'"), pause=0.02)
    setpoint.kill(setpoint.process("worker"))
    setpoint.let_time_pass(LOOK_AGAIN_AFTER.seconds)
    eventually(lambda: setpoint.sql(f"SELECT state {mine}") == [("done",)], seconds=90)
    left = "SELECT 1 FROM crm_job WHERE task LIKE 'scoring.score%%' AND state <> 'done'"
    eventually(lambda: not setpoint.sql(left), seconds=90)
    again = json.loads(setpoint.manage("rescore", "--full", "--json").stdout)
    assert (again["leads"] > 1000, again["changed"], again["crossings"]) == (True, 0, 0)
    assert setpoint.sql("SELECT count(*) FROM scoring_crossing") == crossings


def test_a_worker_asked_to_stop_finishes_what_it_has_begun(setpoint):
    for note in range(MANY):
        setpoint.ask("notes.write", note=note, seconds=0.5)
    wait_for_notes(setpoint, 2)
    worker, asked = setpoint.process("worker"), time.monotonic()
    os.kill(worker, signal.SIGTERM)
    eventually(lambda: not is_running(worker))
    assert time.monotonic() - asked < 12, "within the grace of `up` and of the containers"
    assert_all_written_once(setpoint)
    assert setpoint.sql("SELECT DISTINCT attempts FROM crm_job WHERE task = 'notes.write'") == [(1,)]


def message(task="crm.run_job", args=(1,), *, body=None, kind="application/json"):
    """Return a message as Celery writes it, with one thing wrong."""
    content = body if body is not None else json.dumps([list(args), {}, {}]).encode()
    number = str(uuid.uuid4())
    route = {"exchange": "", "routing_key": "setpoint"}
    return json.dumps({
        "body": base64.b64encode(content).decode(), "content-encoding": "utf-8", "content-type": kind,
        "headers": {"task": task, "id": number, "lang": "py"},
        "properties": {"correlation_id": number, "delivery_tag": number, "delivery_mode": 2, "delivery_info": route,
                       "priority": 0, "body_encoding": "base64"},
    })  # fmt: skip


POISON = {
    "no message": b"\x80\x04 no message at all",  # ends the worker, which is started again
    "pickle": message(body=b"cos\nsystem\n(S'true'\ntR.", kind="application/x-python-serialize"),
    "unknown task": message("notes.unknown"),
    "bad arguments": message(args=["x", {}, None]),
    "no arguments": message(args=[]),
    "beyond a bigint": message(args=[10**40]),
    "not JSON inside": message(body=b"{" * 1000),
    "10 MB": message(args=["x" * 10_000_000]),
}


def test_poisoned_messages_do_not_stop_the_queue(setpoint):
    setpoint.ask("notes.die")
    with redis.Redis.from_url(setpoint.urls["REDIS_URL"]) as client:
        for poison in POISON.values():
            client.lpush("setpoint", poison)
    for note in range(MANY):
        setpoint.ask("notes.write", note=note, seconds=0)
    died = "SELECT state, attempts FROM crm_job WHERE task = 'notes.die'"
    eventually(lambda: setpoint.sql(died) == [("quarantined", 3)], seconds=120)
    setpoint.sql("DELETE FROM crm_job WHERE task = 'notes.die'")
    assert_all_written_once(setpoint)
    with redis.Redis.from_url(setpoint.urls["REDIS_URL"]) as client:
        eventually(lambda: client.llen("setpoint") == 0)
    eventually(lambda: setpoint.answer("readyz") == 200)


def hang(setpoint):
    os.kill(setpoint.process("valkey-server"), signal.SIGSTOP)


def go_on(setpoint):
    os.kill(setpoint.process("valkey-server"), signal.SIGCONT)


def fill(setpoint, limit=1):
    with redis.Redis.from_url(setpoint.urls["REDIS_URL"]) as client:
        client.config_set("maxmemory", limit)


def empty(setpoint):
    fill(setpoint, 0)


@pytest.mark.parametrize(("disturb", "mend"), [(hang, go_on), (fill, empty)], ids=["hangs", "is full"])
def test_people_go_on_while_the_broker_does_not(setpoint, disturb, mend):
    deal, version, to = setpoint.sql(A_DEAL)[0]
    disturb(setpoint)
    try:
        rep = setpoint.signed_in("kaur@brightwater.example", DEMO_PASSWORD)
        pages = [rep.ask(path)[0] for path in ("/", "/pipeline/", f"/deals/{deal}/")]
        move = {"to": to, "version": version, "override": "They told me on the phone", "reason": "They told me"}
        moved, _ = rep.ask(f"/deals/{deal}/move/", move)
        setpoint.ask("notes.write", note=0, seconds=0)
    finally:
        mend(setpoint)
    assert (pages, moved) == ([200] * 3, 302)
    assert setpoint.sql("SELECT setpoint_id FROM pipeline_opportunity WHERE id = %s", deal) == [(to,)]
    wait_for_notes(setpoint, 1)
    eventually(lambda: setpoint.answer("readyz") == 200)


A_DEAL = """
SELECT deal.id, deal.version, following.id
FROM pipeline_opportunity deal
JOIN crm_user person ON person.id = deal.owner_id AND person.email = 'kaur@brightwater.example'
JOIN pipeline_setpoint standing ON standing.id = deal.setpoint_id
JOIN pipeline_setpoint following ON following.pipeline_id = standing.pipeline_id AND following.rank = standing.rank + 1
WHERE deal.outcome = '' AND deal.archived_at IS NULL AND standing.rank = 0
ORDER BY deal.id
"""


class Load:
    """A rep who looks at pages, and one who adds companies, as fast as they are answered."""

    def __init__(self, setpoint):
        self.answers, self.added, self.over = [], [], threading.Event()
        tasks = [(self.look, path) for path in ("/", "/pipeline/", "/accounts/")] + [(self.add, "/accounts/create/")]
        # Everybody is in before the first restart: a sign-in that meets one is answered 503 as well.
        browsers = [setpoint.signed_in("kaur@brightwater.example", DEMO_PASSWORD) for _ in tasks]
        self.threads = [
            threading.Thread(target=self.repeat, args=(browser, *task))
            for browser, task in zip(browsers, tasks, strict=True)
        ]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *args):
        self.over.set()
        for thread in self.threads:
            thread.join(60)

    def repeat(self, browser, act, path):
        while not self.over.is_set():
            status, headers = act(browser, path)
            self.answers.append((path, status, headers["Retry-After"]))

    def look(self, browser, path):
        return browser.ask(path)

    def add(self, browser, path):
        name = f"Added {uuid.uuid4()}"
        status, headers = browser.ask(path, {"name": name, "kind": "prospect"})
        if status == 302:
            self.added.append(name)
        return status, headers

    def wait_for_more(self):
        added = len(self.added)
        eventually(lambda: len(self.added) > added + 2)


def test_a_database_that_restarts_under_load_is_503_and_keeps_what_it_took(setpoint):
    with Load(setpoint) as load:
        for _ in range(2):
            load.wait_for_more()
            database = setpoint.process("postgres")
            os.kill(database, signal.SIGINT)  # a fast restart: connections are cut, not waited for
            eventually(lambda: not is_running(database))  # noqa: B023  asked at once
            eventually(lambda: setpoint.answer("readyz") == 200, seconds=60)
        load.wait_for_more()
    refused = {answer for answer in load.answers if answer[1] not in (200, 302)}
    assert refused, "the restarts were not felt"
    assert {(status, after) for _, status, after in refused} == {(503, "2")}, refused
    kept = {name for (name,) in setpoint.sql("SELECT name FROM crm_account WHERE name LIKE 'Added %%'")}
    assert set(load.added) <= kept
