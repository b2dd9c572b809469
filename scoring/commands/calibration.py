"""Taking what calibration suggests into the draft, one rule at a time (S-8)."""

from datetime import datetime

from django.db import transaction

from crm.lib.errors import NotPermitted
from crm.lib.values import Refusal
from crm.models import User
from crm.queries.access import get_access
from scoring.commands.rules import RulesRefused, edit_draft
from scoring.figures.evidence import get_calibration
from scoring.models import ScoringModel
from scoring.permissions import can_edit_rules
from scoring.policies.rules import MOST_POINTS
from scoring.policies.snapshots import read_snapshot
from scoring.queries.rules import get_draft, get_published_model, to_facts
from scoring.queries.simulations import get_latest


@transaction.atomic
def take_suggestion(
    *, code: str, by: User, at: datetime, seen_version: int | None = None, outcome: str = "qualified"
) -> ScoringModel:
    """Give a rule of the draft the points that the latest try suggests for an outcome; without a draft one is begun.

    `seen_version` is the draft's, as the person saw it; None takes it as it stands.

    :raises NotPermitted: the person may only read the rules
    :raises RulesRefused: nothing is suggested for this rule, or the draft cannot be so
    :raises StaleRecord: somebody changed the draft since it was seen
    """
    if not can_edit_rules(get_access(by)):
        raise NotPermitted(Refusal("may_not_edit_rules"))
    points, draft = _suggested(code, outcome), get_draft()
    stands = to_facts(draft or get_published_model()).rules
    if points is None or code not in {rule.code for rule in stands}:
        raise RulesRefused(Refusal.of("nothing_suggested", field="rule"), field="rule")
    seen = seen_version if seen_version is not None or draft is None else draft.version
    wanted = {code: {"points": max(-MOST_POINTS, min(MOST_POINTS, points))}}
    return edit_draft(settings={}, rules=wanted, seen_version=seen, by=by, at=at)


def _suggested(code: str, outcome: str) -> int | None:
    tried = get_latest(ready=True)
    if tried is None:
        return None
    codes = [rule.code for rule in read_snapshot(tried.rules).rules]
    rows = get_calibration(tried.result or {}, codes=codes, outcome=outcome).rules
    found = next((row.suggestion for row in rows if row.code == code), None)
    return found.points if found else None
