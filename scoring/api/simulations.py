"""The shape of a try of rules: every number it has at one threshold."""

from dataclasses import asdict
from typing import Any

from rest_framework import serializers

from crm.api.fields import Flag, Id, Instant, Shape, Text, Whole
from crm.models import User
from scoring.figures.evidence import get_calibration
from scoring.figures.what_if import get_choices, get_effect, get_qualities, get_suggested
from scoring.models import Simulation
from scoring.policies.snapshots import read_snapshot
from scoring.queries.effects import only_visible
from scoring.queries.simulations import get_progress


class Share(serializers.FloatField):
    """A share or a number with a fraction; null where there is nothing to divide by."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"allow_null": True, **kwargs})

    def to_representation(self, value: Any) -> Any:
        """Return it to six places."""
        return round(float(value), 6)


class ThresholdShape(Shape):
    """What handing over from a threshold on would have brought, among the later leads whose 90 days are over."""

    threshold = serializers.IntegerField()
    leads = Whole()
    qualified = Whole()
    precision = Share()
    recall = Share()
    lift = Share()
    a_week = Share()
    qualified_a_week = Share()
    hours_a_week = Share()


class SaidShape(Shape):
    """Later leads that the earlier ones made likely to become qualified, from low to below high, and how many did."""

    low = Share()
    high = Share()
    leads = Whole()
    qualified = Whole()
    likely = Share()
    came = Share()


class QualityShape(Shape):
    """How well scores told the later leads apart: of these rules, of those in force, of fit alone."""

    scheme = Text()
    leads = Whole()
    qualified = Whole()
    auc = Share()
    brier = Share()
    skill = Share()
    off_by = Share()
    said = SaidShape(many=True)
    is_little = Flag()


class WeeklyShape(Shape):
    """Leads that came over the threshold for the first time: in a week, or a week on the mean."""

    draft = Share()
    published = Share()
    week = Instant(allow_null=True)
    rep = Id(source="rep_id", allow_null=True)


class BandShape(Shape):
    """Leads of a band of scores and how many became qualified."""

    low = serializers.IntegerField()
    high = serializers.IntegerField(allow_null=True)
    leads = Whole()
    qualified = Whole()
    mean = Share()
    low_end = Share()
    high_end = Share()
    forced = Share()


class SuggestedShape(Shape):
    """What a rule should give by the odds of those who met it; 95% confidence from low to high."""

    points = serializers.IntegerField()
    exact = Share()
    low = Share()
    high = Share()
    odds_ratio = Share()
    is_corrected = Flag()


class RuleEvidenceShape(Shape):
    """What became of the leads that met a rule and of the others; null where there is too little to suggest anything."""

    code = Text()
    leads = Whole()
    qualified = Whole()
    others = Whole()
    others_qualified = Whole()
    suggestion = SuggestedShape(allow_null=True)


class LogisticShape(Shape):
    """p = 1 / (1 + exp(-(a + b * score)))."""

    a = Share()
    b = Share()


class FoundShape(Shape):
    """What a try found."""

    draft = ThresholdShape()
    published = ThresholdShape()
    fit = ThresholdShape()
    suggested = ThresholdShape(allow_null=True)
    a_week = WeeklyShape()
    weeks = WeeklyShape(many=True)
    reps = WeeklyShape(many=True)
    newly = Whole()
    newly_leads = serializers.ListField(child=Id(), source="newly_ids")
    gone = Whole()
    gone_leads = serializers.ListField(child=Id(), source="gone_ids")
    thresholds = ThresholdShape(many=True)
    quality = QualityShape(many=True)
    bands = BandShape(many=True)
    drawn = BandShape(many=True)
    logistic = LogisticShape(allow_null=True)
    rules = RuleEvidenceShape(many=True)


class SimulationShape(Shape):
    """A try of a version against the one in force; `found` is null until it is ready."""

    id = Id()
    model_version = Whole()
    as_of = Instant()
    asked_at = Instant()
    finished_at = Instant(allow_null=True)
    progress = Share()
    is_stuck = Flag()
    leads = Whole()
    split_at = Instant()
    threshold = serializers.IntegerField()
    threshold_in_force = serializers.IntegerField()
    outcome = Text()
    found = FoundShape(allow_null=True)


def shown(
    tried: Simulation,
    threshold: int | None,
    *,
    user: User,
    outcome: str = "qualified",
    hours_a_lead: int = 1,
    wishes: dict[str, Any] | None = None,
) -> Any:
    """Return a try as the API shows it, at a threshold or that of the rules tried, held against an outcome.

    Examples are leads the person may see; the numbers are those of all leads. `wishes` are the `capacity` and
    the `precision` that a suggested threshold keeps to.
    """
    draft, in_force, progress = read_snapshot(tried.rules), read_snapshot(tried.in_force), get_progress(tried)
    at = threshold or draft.threshold
    values = {
        **{name: getattr(tried, name) for name in ("id", "as_of", "asked_at", "finished_at", "leads", "split_at")},
        "model_version": tried.number,
        "progress": progress.done / max(1, progress.total),
        "is_stuck": progress.is_stuck,
        "threshold": at,
        "threshold_in_force": in_force.threshold,
        "outcome": outcome,
        "found": None,
    }
    if result := tried.result:
        effect = get_effect(result, threshold=at, published=in_force.threshold, as_of=tried.as_of, outcome=outcome)
        how: Any = {"hours_a_lead": hours_a_lead, "outcome": outcome}
        learned = get_calibration(result, codes=[rule.code for rule in draft.rules], outcome=outcome)
        values["found"] = {
            **asdict(only_visible(effect, user=user)),
            "suggested": get_suggested(result, **wishes, **how) if wishes else None,
            "thresholds": get_choices(result, **how),
            "quality": get_qualities(result, outcome=outcome),
            "bands": learned.bands,
            "drawn": learned.drawn,
            "logistic": learned.logistic,
            "rules": learned.rules,
        }
    return SimulationShape(values).data
