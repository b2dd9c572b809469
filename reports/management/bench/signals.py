"""`bench signals`: what is wrong with every open deal, found and stored in one pass, beside a bare aggregate of its rows."""

from collections.abc import Mapping
from datetime import datetime
from time import perf_counter
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Max

from crm.lib.bulk import analyse
from crm.models import Activity
from pipeline.commands.signals import Refreshed, refresh_all_signals, refresh_typical_stays
from pipeline.enums import Outcome
from pipeline.events import EventKind
from pipeline.models import NextStep, Opportunity, OpportunityActivity, OpportunityEvent, Setpoint, Signal, Stakeholder
from reports.management.bench import data
from reports.management.bench.filling import leave_triggers_out, multiply
from reports.management.bench.scratch import scratch_database
from reports.management.bench.timing import rate

SEED = 100
EACH = 5  # activities a deal
WON = 10  # one of so many deals is won, so that there is history to compare with
# What happened to deal n: made, named its first values, moved twice, changed its amount and its close, kept a step.
EVENTS = (
    (EventKind.CREATED, "120", "'{{}}'::jsonb", "NULL", ""),
    (EventKind.CLOSED, "3", """'{{"outcome": "won"}}'::jsonb""", "NULL", "AND n % {won} = 0"),
    (EventKind.SETPOINT, "120", "jsonb_build_object('setpoint', {first})", "NULL", ""),
    (EventKind.SETPOINT, "70 + n % 30", "jsonb_build_object('setpoint', {first} + 1)", "'{{}}'::jsonb", ""),
    (EventKind.SETPOINT, "5 + n % 60", "jsonb_build_object('setpoint', {first} + n % 4)", "'{{}}'::jsonb", ""),
    (EventKind.AMOUNT, "120", "{amount}", "NULL", ""),
    (EventKind.AMOUNT, "10 + n % 40", "{amount}", "{amount}", "AND n % 3 = 0"),
    (EventKind.EXPECTED_CLOSE_ON, "120", "{close}", "NULL", ""),
    (EventKind.EXPECTED_CLOSE_ON, "60", "{close}", "{close}", ""),
    (EventKind.EXPECTED_CLOSE_ON, "20", "{close}", "{close}", "AND n % 2 = 0"),
    (EventKind.OWNER, "120", "'{{\"owner\": 1}}'::jsonb", "NULL", ""),
    (EventKind.NEXT_STEP, "30 + n % 50", "'{{\"done\": true}}'::jsonb", "'{{\"done\": false}}'::jsonb", ""),
    (EventKind.QUALIFICATION, "40", "'{{\"level\": 2}}'::jsonb", "'{{\"level\": 1}}'::jsonb", ""),
)
AMOUNT = "jsonb_build_object('amount', (9000 + (n * 37) % 40000)::text, 'currency', 'EUR')"
CLOSE = "jsonb_build_object('on', (now() + make_interval(days => (n * 7) % 90 - 20))::date)"
BARE = """
SELECT count(*), sum(said), sum(done), sum(steps), sum(people) FROM (
    SELECT deal.id, told.said, acted.done, step.steps, person.people FROM pipeline_opportunity deal
    LEFT JOIN (SELECT opportunity_id, count(*) AS said, max(occurred_at) FROM pipeline_opportunityevent GROUP BY 1) told
        ON told.opportunity_id = deal.id
    LEFT JOIN (SELECT link.opportunity_id, count(*) AS done, max(activity.occurred_at)
               FROM pipeline_opportunityactivity link JOIN crm_activity activity ON activity.id = link.activity_id
               GROUP BY 1) acted ON acted.opportunity_id = deal.id
    LEFT JOIN (SELECT opportunity_id, count(*) AS steps, min(due_on) FROM pipeline_nextstep GROUP BY 1) step
        ON step.opportunity_id = deal.id
    LEFT JOIN (SELECT opportunity_id, count(*) AS people FROM pipeline_stakeholder GROUP BY 1) person
        ON person.opportunity_id = deal.id
    WHERE deal.outcome = '' AND deal.archived_at IS NULL
) counted
"""


def run(size: int, *, at: datetime, say: data.Say) -> None:
    """Find what is wrong with `size` open deals: stored for the first time, looked at again, and the bare aggregate."""
    with scratch_database():
        data.load_company(SEED, at=at, say=lambda line: None)
        say(f"filling a scratch database with {size:,} open deals …")
        _fill(size)
        started = perf_counter()
        refresh_typical_stays(at=at)
        say(f"{'typical stays of deals won':28}{perf_counter() - started:8.2f} s")
        for name in ("signals, all stored", "signals, none changed"):
            started = perf_counter()
            _tell(say, name, refresh_all_signals(at=at), perf_counter() - started)
        started = perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(BARE)
            deals, events, activities, _steps, _people = cursor.fetchone()
        seconds = perf_counter() - started
        say(
            f"{'bare aggregate':28}{rate(deals, seconds)} ({seconds:.2f} s, {events:,} events, {activities:,} activities)"
        )


def _tell(say: data.Say, name: str, done: Refreshed, seconds: float) -> None:
    changed = f"{done.changed:,} changed, {Signal.objects.count():,} stand"
    say(f"{name:28}{rate(done.deals, seconds)} ({seconds:.2f} s, {changed})")


Base = Mapping[Any, int]


@transaction.atomic
def _fill(size: int) -> None:
    """Multiply a deal, its step, its activity and its contact; triggers would audit each row and are left out."""
    models = (Opportunity, NextStep, Activity, OpportunityActivity, OpportunityEvent, Stakeholder)
    total = size + size // (WON - 1)
    base = {model: model.objects.aggregate(last=Max("pk"))["last"] + 1 for model in models}
    with connection.cursor() as cursor:
        leave_triggers_out(cursor, models)
        _fill_deals(cursor, base, total)
        _fill_activities(cursor, base, total * EACH)
        _fill_events(cursor, base[Opportunity], total)
    analyse(*models)


def _fill_deals(cursor: CursorWrapper, base: Base, total: int) -> None:
    step = NextStep.objects.filter(opportunity__outcome="").order_by("pk")[0]
    stake = Stakeholder.objects.order_by("pk")[0].pk
    deal, won = f"{base[Opportunity]} + n", f"n %% {WON} = 0"
    multiply(cursor, Opportunity, step.opportunity_id, total, {
        "id": deal, "name": "'Deal ' || n", "external_id": "NULL", "setpoint_id": f"{_first()} + n %% 4",
        "created_at": "now() - interval '120 days'", "current_step_id": "NULL", "backfilled": "false",
        "setpoint_entered_at": "now() - make_interval(days => (5 + n %% 60)::int)",
        "outcome": f"CASE WHEN {won} THEN '{Outcome.WON}' ELSE '' END",
        "closed_at": f"CASE WHEN {won} THEN now() - interval '3 days' END",
    })  # fmt: skip
    multiply(cursor, NextStep, step.pk, total, {
        "id": f"{base[NextStep]} + n", "opportunity_id": deal, "external_id": "NULL",
        "due_on": "(now() + make_interval(days => (n %% 40 - 10)::int))::date",
    })  # fmt: skip
    multiply(cursor, Stakeholder, stake, total, {"id": f"{base[Stakeholder]} + n", "opportunity_id": deal})


def _fill_activities(cursor: CursorWrapper, base: Base, total: int) -> None:
    activity = Activity.objects.order_by("pk")[0].pk
    link = OpportunityActivity.objects.order_by("pk")[0].pk
    multiply(cursor, Activity, activity, total, {
        "id": f"{base[Activity]} + n", "external_id": "NULL", "is_customer_action": "n %% 3 = 0",
        "occurred_at": "now() - make_interval(days => (n %% 90)::int)",
    })  # fmt: skip
    multiply(cursor, OpportunityActivity, link, total, {
        "id": f"{base[OpportunityActivity]} + n", "activity_id": f"{base[Activity]} + n",
        "opportunity_id": f"{base[Opportunity]} + 1 + (n - 1) / {EACH}",
    })  # fmt: skip


def _fill_events(cursor: CursorWrapper, first_deal: int, total: int) -> None:
    told = {"amount": AMOUNT, "close": CLOSE, "first": _first(), "won": WON}
    for seq, (kind, days, new, old, only) in enumerate(EVENTS, start=1):
        cursor.execute(f"""
            INSERT INTO pipeline_opportunityevent
                (opportunity_id, seq, kind, occurred_at, recorded_at, via, reference, old, new, detail)
            SELECT {first_deal} + n, {seq}, '{kind}', now() - make_interval(days => ({days})::int), now(), 'import', '',
                {old.format(**told)}, {new.format(**told)}, '{{}}'
            FROM generate_series(1, {total}) n WHERE true {only.format(**told)}
        """)  # fmt: skip


def _first() -> int:
    return Setpoint.objects.filter(pipeline__code="new_business").order_by("rank")[0].pk
