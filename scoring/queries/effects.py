"""What one version of the rules would do that another does not, where a try says so (S-6, S-7)."""

from dataclasses import dataclass, replace

from crm.models import User
from scoring.facts import ModelFacts
from scoring.figures.what_if import Effect, get_effect
from scoring.models import ScoringModel, Simulation
from scoring.policies.snapshots import is_same_but_threshold, read_snapshot
from scoring.queries.leads import find_visible
from scoring.queries.rules import get_published_model, models_visible_to


@dataclass(frozen=True, slots=True)
class KnownEffect:
    """What the newest finished try of a version against another says.

    `effect` is None where there was no try, or the version changed since; a try that is under way is `awaited`.
    """

    tried: Simulation | None = None
    effect: Effect | None = None
    awaited: Simulation | None = None

    @property
    def is_dated(self) -> bool:
        """Return whether there was a try, of rules that are not these any more."""
        return self.tried is not None and self.effect is None


def get_known_effect(model: ScoringModel, facts: ModelFacts, against: ScoringModel) -> KnownEffect:
    """Return what is known of the effect of a version, which says `facts`, instead of another one.

    A try tells of every threshold, so another threshold alone leaves it as good as it was.
    """
    tries = Simulation.objects.filter(model=model, in_force__model__number=against.number).order_by("-id")
    tried = tries.filter(finished_at__isnull=False).first()
    awaited = tries.filter(finished_at=None, model_version=model.version).first()
    effect = None
    if tried is not None and is_same_but_threshold(read_snapshot(tried.rules), facts):
        in_force = read_snapshot(tried.in_force)
        effect = get_effect(
            tried.result or {}, threshold=facts.threshold, published=in_force.threshold, as_of=tried.as_of
        )
    return KnownEffect(tried, effect, awaited)


def get_tried_against(model: ScoringModel, facts: ModelFacts) -> list[int]:
    """Return the numbers of the versions against which the effect of one that says `facts` is known."""
    tries = Simulation.objects.filter(model=model, finished_at__isnull=False).only("rules", "in_force").order_by("-id")
    latest = {tried.in_force["model"]["number"]: tried for tried in reversed(tries)}
    return sorted(
        number for number, tried in latest.items() if is_same_but_threshold(read_snapshot(tried.rules), facts)
    )


def find_compared(model: ScoringModel, number: int | None, *, user: User) -> ScoringModel | None:
    """Return the version of a number that one is held against, None where the person may not see it or it is the same.

    Without a number that is what is in force for what never was, else the one that was in force before.
    """
    versions = models_visible_to(user).exclude(pk=model.pk)
    if number is not None:
        return versions.filter(number=number).first()
    if model.published_at is None:
        return get_published_model()
    before = versions.filter(published_at__isnull=False, number__lt=model.number)
    return before.order_by("-number").first()


def only_visible(effect: Effect, *, user: User) -> Effect:
    """Return an effect without the examples the person may not see; the numbers stay those of all leads."""
    seen = find_visible({*effect.newly_ids, *effect.gone_ids}, by=user)
    newly, gone = (tuple(pk for pk in ids if pk in seen) for ids in (effect.newly_ids, effect.gone_ids))
    return replace(effect, newly_ids=newly, gone_ids=gone)
