"""The leads rows speak of, and those whose scores a run has touched."""

from crm.exchange.kinds import Row, Run
from crm.exchange.references import resolve
from crm.queries.imports import find_people
from scoring.commands.imports import refresh_statistics
from scoring.commands.scores import refresh_scores
from scoring.enums import WaitingReason

BATCH = 5_000
MANY = 500


def resolve_leads(rows: list[Row]) -> None:
    """Resolve leads by external id or e-mail."""
    resolve(rows, "lead", lambda names: find_people("scoring_lead", names), what="lead")


def touched(run: Run) -> set[int]:
    """Return the leads whose scores this run may have changed; add to it."""
    return run.remember("touched_leads", set[int])


def refresh_touched(run: Run) -> None:
    """Bring the touched leads up to date; what crosses waits for a person (D-27)."""
    lead_ids = sorted(touched(run))
    if len(lead_ids) > MANY:
        refresh_statistics()
    for start in range(0, len(lead_ids), BATCH):
        refresh_scores(lead_ids=lead_ids[start : start + BATCH], at=run.at, by=run.by, waiting=WaitingReason.IMPORTED)
    touched(run).clear()
