"""What became of the leads that were handed over in a period (D-27)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from pipeline.queries.deal_sql import MEMBER, Scope
from scoring.enums import HandoffAnswer


@dataclass(frozen=True, slots=True)
class HandoffResults:
    """Handoffs assigned in the period; `late` were answered after their deadline, or not at all by then.

    `leads` names the leads behind each count, those sent back also by reason as `rejected/CODE`.
    """

    handed_over: int = 0
    accepted: int = 0
    rejected: int = 0
    open: int = 0
    late: int = 0
    reasons: tuple[tuple[str, int], ...] = ()
    leads: dict[str, list[int]] = field(default_factory=dict)


HANDED = f"""
SELECT handoff.id, handoff.lead_id, reason.code AS reason,
       CASE WHEN handoff.answered_at <= %(as_of)s THEN handoff.answer ELSE '' END AS answer,
       handoff.due_at < least(coalesce(handoff.answered_at, %(as_of)s), %(as_of)s) AS is_late
FROM scoring_handoff handoff
LEFT JOIN crm_reason reason ON reason.id = handoff.reason_id
{MEMBER.format(user="handoff.owner_id", day="(handoff.assigned_at AT TIME ZONE %(zone)s)::date")}
WHERE handoff.assigned_at >= %(start)s AND handoff.assigned_at < %(end)s AND handoff.assigned_at <= %(as_of)s
"""


def get_handoff_results(scope: Scope) -> HandoffResults:
    """Return the counts, with reasons for sending back by how often they were given; credited to the team then."""
    team = "AND member.team_id = ANY(%(teams)s)" if scope.team_ids is not None else ""
    sql = f"""
    WITH handed AS ({HANDED} {team})
    SELECT answer, reason, count(*), count(*) FILTER (WHERE is_late), array_agg(lead_id ORDER BY lead_id),
           array_agg(lead_id ORDER BY lead_id) FILTER (WHERE is_late)
    FROM handed GROUP BY 1, 2 ORDER BY 3 DESC, 2
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, scope.parameters())
        rows = cursor.fetchall()
    by_answer = {answer: sum(row[2] for row in rows if row[0] == answer) for answer in ("", *HandoffAnswer)}
    return HandoffResults(
        handed_over=sum(by_answer.values()),
        accepted=by_answer[HandoffAnswer.ACCEPTED],
        rejected=by_answer[HandoffAnswer.REJECTED],
        open=by_answer[""],
        late=sum(row[3] for row in rows),
        reasons=tuple((row[1], row[2]) for row in rows if row[0] == HandoffAnswer.REJECTED and row[1]),
        leads=_leads(rows),
    )


def _leads(rows: Sequence[Sequence[Any]]) -> dict[str, list[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for answer, reason, _count, _late, lead_ids, late_ids in rows:
        found["handed_over"].update(lead_ids)
        found["late"].update(late_ids or ())
        if answer:
            found[answer].update(lead_ids)
        if answer == HandoffAnswer.REJECTED and reason:
            found[f"{answer}/{reason}"].update(lead_ids)
    return {name: sorted(ids) for name, ids in found.items()}
