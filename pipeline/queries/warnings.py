"""What is wrong with a deal as its page tells it: the signals that speak, those that rest, and what a restart needs."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from crm.queries.names import user_name
from pipeline.enums import SignalCode
from pipeline.policies.signals import ORDER

WARNINGS = f"""
SELECT signal.code, signal.severity, signal.since, signal.detail, signal.snoozed_until, coalesce(snooze.reason, ''),
    {user_name("person")}
FROM pipeline_signal signal
LEFT JOIN pipeline_signalsnooze snooze ON snooze.opportunity_id = signal.opportunity_id AND snooze.code = signal.code
    AND snooze.ended_at IS NULL AND signal.snoozed_until IS NOT NULL
LEFT JOIN crm_user person ON person.id = snooze.by_id
WHERE signal.opportunity_id = %(deal)s
"""
# P-12: what the customer did last, and what somebody said would get the deal going again since it came here.
RESTART = """
SELECT acted.occurred_at, acted.kind, acted.subject, plan.note, plan.at, plan.name
FROM (SELECT) AS one
LEFT JOIN LATERAL (
    SELECT activity.occurred_at, activity.kind, activity.subject
    FROM pipeline_opportunityactivity link JOIN crm_activity activity ON activity.id = link.activity_id
    WHERE link.opportunity_id = %(deal)s AND activity.is_customer_action AND activity.archived_at IS NULL
      AND activity.occurred_at <= %(at)s
    ORDER BY activity.occurred_at DESC, activity.id DESC LIMIT 1
) acted ON true
LEFT JOIN LATERAL (
    SELECT plan.note, plan.at, person.name
    FROM pipeline_restartplan plan LEFT JOIN crm_user person ON person.id = plan.by_id
    WHERE plan.opportunity_id = %(deal)s AND plan.at >= %(since)s
    ORDER BY plan.at DESC, plan.id DESC LIMIT 1
) plan ON true
"""


@dataclass(frozen=True, slots=True)
class StoredWarning:
    """A signal as stored, with who said it may rest, and why."""

    code: str
    severity: int
    since: date | None
    detail: dict[str, Any]
    snoozed_until: date | None
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Restart:
    """The last thing the customer did, and the plan to get a deal going that stands too long at its last setpoint."""

    acted_at: datetime | None
    kind: str
    subject: str
    note: str
    planned_at: datetime | None
    by: str


def get_warnings(deal_id: int) -> list[StoredWarning]:
    """Return what is wrong with a deal, worst first."""
    with connection.cursor() as cursor:
        cursor.execute(WARNINGS, {"deal": deal_id})
        found = [
            StoredWarning(code, severity, since, json.loads(detail), *snooze)
            for code, severity, since, detail, *snooze in cursor.fetchall()
        ]
    return sorted(found, key=lambda each: (-each.severity, ORDER[SignalCode(each.code)]))


def get_restart(deal_id: int, *, since: datetime, at: datetime) -> Restart:
    """Return what a restart needs: plans made since the deal came to its setpoint count."""
    with connection.cursor() as cursor:
        cursor.execute(RESTART, {"deal": deal_id, "since": since, "at": at})
        acted_at, kind, subject, note, planned_at, by = cursor.fetchone()
    return Restart(acted_at, kind or "", subject or "", note or "", planned_at, by or "")
