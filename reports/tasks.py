"""What workers run for reports."""

import logging
from datetime import date, datetime, timedelta

from django.db import transaction

from crm.lib.jobs import Lease, job, periodic
from crm.policies.jobs import MOST_ATTEMPTS
from reports.builders.parts import ActionsPart
from reports.builders.qbr import build_part
from reports.builders.weekly import build_weekly
from reports.commands import qbrs as commands
from reports.commands.weekly import keep_weekly_note
from reports.enums import PartKind
from reports.models import QbrPart
from reports.queries.qbrs import BUILD_PART, get_build, get_part
from reports.queries.weekly import has_note
from reports.renderers.payload import part_payload, suggestion_texts

logger = logging.getLogger(__name__)

MONDAY = 0


@periodic("reports.weekly_note", every="local_day")
def write_weekly_note(*, period: str, at: datetime) -> None:
    """Write the note of the week that ended before this Monday; on other days, or written already, do nothing."""
    day = date.fromisoformat(period)
    week = day - timedelta(days=7)
    if day.weekday() == MONDAY and not has_note(week):
        found = build_weekly(week, at=at)
        content = {name: [row.as_json() for row in rows] for name, rows in found.rows.items()}
        keep_weekly_note(week=week, as_of=found.as_of, content=content, at=at)


@job(BUILD_PART, lease=timedelta(minutes=5), atomic=False)
def build_qbr_part(*, part_id: int, at: datetime, lease: Lease) -> None:
    """Build one part of a quarter review. Run again it finds the part done, or builds it from the same moment.

    The result is kept in one transaction with the lease, so that a worker that slept cannot write.
    """
    if commands.start_part(part_id=part_id, at=at) is None:
        logger.info("part %s has nothing to build", part_id)
        return
    try:
        part = get_part(part_id)
        payload, suggested = content(part)
    except Exception as error:
        is_final = lease.attempt >= MOST_ATTEMPTS
        commands.fail_part(part_id=part_id, error=f"{type(error).__name__}: {error}", is_final=is_final, at=at)
        raise
    with transaction.atomic():
        lease.renew()
        commands.finish_part(part_id=part_id, payload=payload, suggested=suggested, at=at)


def content(part: QbrPart) -> tuple[dict[str, object], list[str]]:
    """Return a part's frozen content, and the actions it suggests."""
    found = build_part(PartKind(part.kind), get_build(part.run))
    return part_payload(found), suggestion_texts(found) if isinstance(found, ActionsPart) else []
