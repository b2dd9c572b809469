"""Scoring models as values (D-46)."""

from collections.abc import Iterable
from datetime import datetime

from scoring.enums import ModelState, ScorePart
from scoring.facts import ModelFacts, RuleFacts
from scoring.models import LeadEventType, ScoringModel, ScoringRule


def get_model_facts(*, as_of: datetime | None = None, model_id: int | None = None) -> ModelFacts:
    """Return the model with this id, else the one published at `as_of`, else the one in force now.

    Before the first publication the first version holds.

    :raises ScoringModel.DoesNotExist: there is no such model
    """
    return to_facts(_find(as_of, model_id))


def to_facts(model: ScoringModel, *, rules: Iterable[ScoringRule] | None = None) -> ModelFacts:
    """Return a model as the policies take it; `rules` stand for those that are stored."""
    silent = LeadEventType.objects.filter(qualifies=False).values_list("code", flat=True)
    return ModelFacts(
        id=model.pk,
        number=model.number,
        rules=tuple(_rule(rule) for rule in (model.rules.all() if rules is None else rules)),
        threshold=model.threshold,
        rearm_margin=model.rearm_margin,
        inactivity_points=model.inactivity_points,
        inactivity_days=model.inactivity_days,
        floor=model.floor,
        silent_types=frozenset(silent),
        published_at=model.published_at,
    )


def get_published_model() -> ScoringModel:
    """Return the model in force now."""
    return ScoringModel.objects.get(state=ModelState.PUBLISHED)


def get_draft() -> ScoringModel | None:
    """Return the draft somebody works on, if there is one."""
    return ScoringModel.objects.filter(state=ModelState.DRAFT).first()


def _find(as_of: datetime | None, model_id: int | None) -> ScoringModel:
    models = ScoringModel.objects.prefetch_related("rules")
    if model_id is not None:
        return models.get(pk=model_id)
    if as_of is None:
        return models.get(state=ModelState.PUBLISHED)
    published = models.filter(published_at__isnull=False)
    found = published.filter(published_at__lte=as_of).order_by("-published_at", "-number").first()
    return found or published.earliest("published_at", "number")


def _rule(rule: ScoringRule) -> RuleFacts:
    return RuleFacts(
        code=rule.code,
        name=rule.name,
        part=ScorePart(rule.part),
        event_types=frozenset(rule.event_types),
        points=rule.points,
        cap_count=rule.cap_count,
        cap_days=rule.cap_days,
    )


def get_versions(limit: int = 20) -> list[ScoringModel]:
    """Return the versions with who made and published them, the newest first."""
    return list(ScoringModel.objects.select_related("published_by", "created_by").order_by("-number")[:limit])


def find_model_facts(*, number: int) -> ModelFacts:
    """Return the version of the rules with this number, drafts included.

    :raises ScoringModel.DoesNotExist: there is no such version
    """
    return to_facts(ScoringModel.objects.prefetch_related("rules").get(number=number))
