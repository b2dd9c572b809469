"""Deals of which nobody at the customer's told us who decides, or how it is decided (RU-040, RU-041)."""

from django.db.models import Exists, OuterRef, Q

from pipeline.enums import DECIDING_ROLES, Element
from pipeline.models import Assessment, Stakeholder
from pipeline.policies.qualification import KNOWN_FROM

# What may stand in the address of a list; the first means either of the others.
BUYING, DECIDER, PROCESS = "buying", "decision_maker", "decision_process"


def not_known(asked: str) -> Q:
    """Return the condition of open deals of which that is not known: who decides and was met, or which way it goes."""
    known = known_of_buying()
    missing = {DECIDER: ~Q(known["knows_decider"]), PROCESS: ~Q(known["knows_process"])}
    return Q(outcome="") & missing.get(asked, missing[DECIDER] | missing[PROCESS])


def known_of_buying() -> dict[str, Exists]:
    """Return annotations that tell of a deal whether it is known who decides, who was met, and how it is decided."""
    met = Stakeholder.objects.filter(
        opportunity=OuterRef("pk"), left_at=None, role__in=DECIDING_ROLES, met_on__isnull=False
    )
    told = Assessment.objects.filter(
        opportunity=OuterRef("pk"), element=Element.DECISION_PROCESS, ended_at=None, level__gte=KNOWN_FROM
    )
    return {"knows_decider": Exists(met), "knows_process": Exists(told)}
