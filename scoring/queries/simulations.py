"""Leads of the past with what became of them, and the tries of rules on them (S-7)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F, Q, Sum

from crm.enums import JobState
from crm.models import Job
from pipeline.enums import Outcome
from scoring.enums import ChallengeEnd, CrossingState, LeadStatus, TrialAnswer
from scoring.models import Simulation, SimulationPart
from scoring.policies.simulation import HORIZON, PastLead

SIMULATE_PART = "scoring.simulate_part"
EARLIER = 0.7  # of the leads whose time is over teach, the later ones tell how well

QUALIFIED = f"('{LeadStatus.SQL}', '{LeadStatus.CONVERTED}')"
ANSWERED = f"('{LeadStatus.ACCEPTED}', '{LeadStatus.SQL}', '{LeadStatus.CONVERTED}', '{LeadStatus.DISQUALIFIED}')"
TRIED = "lead.merged_into_id IS NULL AND lead.archived_at IS NULL AND lead.created_at <= %(as_of)s"
# Nobody knows when sales said what a lead came with, as from a file. A deal has its day.
CAME = "(change.old = '' AND change.occurred_at <= tried.created_at)"
# What waited for release was sales' from its release on, however long before it crossed.
PAST = f"""
WITH tried AS MATERIALIZED (
    SELECT id, created_at, owner_id FROM scoring_lead lead
    WHERE lead.id BETWEEN %(first)s AND %(last)s AND {TRIED}
), told AS (
    SELECT lead_id, min(occurred_at) FILTER (WHERE NOT {CAME}) AS answered_at,
           min(occurred_at) FILTER (WHERE NOT {CAME} AND new IN {QUALIFIED}) AS qualified_at,
           bool_or({CAME} AND new IN {QUALIFIED}) AS came_qualified
    FROM scoring_leadstatusevent change JOIN tried ON tried.id = change.lead_id
    WHERE lead_id BETWEEN %(first)s AND %(last)s AND occurred_at <= %(as_of)s AND new IN {ANSWERED}
    GROUP BY lead_id
), handed AS (
    SELECT lead_id, min(taken_at) AS crossed_at FROM (
        SELECT handoff.lead_id, CASE WHEN crossing.state = '{CrossingState.HANDED_OVER}' THEN crossing.crossed_at
                                     ELSE handoff.created_at END AS taken_at
        FROM scoring_handoff handoff JOIN scoring_crossing crossing ON crossing.id = handoff.crossing_id
        WHERE handoff.lead_id BETWEEN %(first)s AND %(last)s
    ) taken WHERE taken_at <= %(as_of)s GROUP BY lead_id
), drawn AS (
    SELECT lead_id, min(drawn_at) AS drawn_at FROM scoring_trial
    WHERE lead_id BETWEEN %(first)s AND %(last)s AND drawn_at <= %(as_of)s AND answer = '{TrialAnswer.TAKEN}'
    GROUP BY lead_id
), became AS (
    SELECT conversion.lead_id, conversion.at, deal.closed_at AS won_at FROM scoring_conversion conversion
    LEFT JOIN pipeline_opportunity deal ON deal.id = conversion.opportunity_id
      AND deal.outcome = '{Outcome.WON}' AND deal.closed_at <= %(as_of)s
    WHERE conversion.lead_id BETWEEN %(first)s AND %(last)s AND conversion.at <= %(as_of)s
)
SELECT tried.id, tried.created_at, tried.owner_id, handed.crossed_at, least(told.answered_at, became.at),
       least(told.qualified_at, became.at), became.won_at, drawn.drawn_at, coalesce(told.came_qualified, false)
FROM tried LEFT JOIN told ON told.lead_id = tried.id LEFT JOIN handed ON handed.lead_id = tried.id
LEFT JOIN drawn ON drawn.lead_id = tried.id LEFT JOIN became ON became.lead_id = tried.id ORDER BY tried.id
"""
PARTS = f"""
SELECT min(id), max(id), count(*) FROM (
    SELECT id, (row_number() OVER (ORDER BY id) - 1) / %(size)s AS part FROM scoring_lead lead WHERE {TRIED}
) numbered GROUP BY part ORDER BY part
"""
SPLIT = f"""
SELECT percentile_disc(%(earlier)s) WITHIN GROUP (ORDER BY created_at) FROM scoring_lead lead
WHERE {TRIED} AND created_at <= %(decided)s
"""

# Publishing raises a draft's version by one, once more where it was a challenger before it was in force.
ONCE_MORE = Q(model__challenge__ended_as=ChallengeEnd.REPLACED)
AS_PUBLISHED = Q(model_version=F("model__version") - 1) | Q(ONCE_MORE, model_version=F("model__version") - 2)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a try has come; `is_stuck` where a part was tried too often."""

    done: int
    total: int
    is_stuck: bool

    @property
    def percent(self) -> int:
        """Return how much is done, in whole percent."""
        return 100 * self.done // self.total if self.total else 0


def get_past_leads(*, first: int, last: int, as_of: datetime) -> list[PastLead]:
    """Return the leads of these ids with what became of them by `as_of`."""
    with connection.cursor() as cursor:
        cursor.execute(PAST, {"first": first, "last": last, "as_of": as_of})
        return [PastLead(*row) for row in cursor.fetchall()]


def split_past(*, size: int, as_of: datetime) -> list[tuple[int, int, int]]:
    """Return the first id, the last id and the number of leads of every part of so many."""
    with connection.cursor() as cursor:
        cursor.execute(PARTS, {"size": size, "as_of": as_of})
        return list(cursor.fetchall())


def get_split(as_of: datetime) -> datetime:
    """Return when the leads begin that are held against what the earlier ones taught."""
    with connection.cursor() as cursor:
        cursor.execute(SPLIT, {"as_of": as_of, "decided": as_of - HORIZON, "earlier": EARLIER})
        found: datetime | None = cursor.fetchone()[0]
    return found or as_of


def get_progress(simulation: Simulation) -> Progress:
    """Return how far a try has come, in leads."""
    parts = SimulationPart.objects.filter(simulation=simulation)
    done = parts.filter(done_at__isnull=False).aggregate(leads=Sum("leads"))["leads"] or 0
    return Progress(done, simulation.leads, is_stuck(simulation))


def is_stuck(simulation: Simulation) -> bool:
    """Return whether a part of an unfinished try gave up."""
    if simulation.finished_at:
        return False
    keys = [job_key(pk) for pk in simulation.parts.filter(done_at=None).values_list("pk", flat=True)]
    return Job.objects.filter(key__in=keys, state=JobState.QUARANTINED).exists()


def job_key(part_id: int) -> str:
    """Return the key of a part's job, so that a part has only one."""
    return f"{SIMULATE_PART}:{part_id}"


def get_latest(*, model_id: int | None = None, ready: bool = False, published: bool = False) -> Simulation | None:
    """Return the newest try: of one version, that is ready, or of a version as it was in force once."""
    found = Simulation.objects.select_related("asked_by", "model")
    if model_id is not None:
        found = found.filter(model_id=model_id)
    if ready:
        found = found.filter(finished_at__isnull=False)
    if published:
        found = found.filter(AS_PUBLISHED, model__published_at__isnull=False)
    return found.order_by("-id").first()


def get_past_scores(number: int) -> tuple[str, dict[str, Any]]:
    """Return what became of the leads of the past by their scores under a version, and whose scores of a try these are.

    By the newest try against the version, or of it as it was published; nothing where there was none.
    """
    against_it, of_it = Q(in_force__model__number=number), Q(AS_PUBLISHED, model__number=number)
    tries = Simulation.objects.filter(against_it | of_it, finished_at__isnull=False)
    rows = tries.order_by("-id").values_list("in_force__model__number", "result__scores")
    against, scores = rows.first() or (None, None)
    return "published" if against == number else "draft", scores or {}
