"""Dull deals: required fields, variants as traits. Rows only; what happened to them is made by commands."""

from datetime import date
from typing import Any

import factory
from factory.django import DjangoModelFactory

from crm.lib.values import Money
from pipeline.enums import FACT_ELEMENTS, QUALIFICATION, Fact
from pipeline.models import (
    Assessment,
    Attestation,
    CriterionVersion,
    NextStep,
    Opportunity,
    OpportunityActivity,
    Pipeline,
    Product,
    Setpoint,
    Stakeholder,
)
from tests.factories.crm import LONG_AGO, AccountFactory, ActivityFactory, ContactFactory, UserFactory

# What a deal made by its command says at least, where its first meeting is not what the test is about.
NO_MEETING_YET = {"deal_type": "new_business", "override": "They call back with a date"}


def get_setpoint(code: str = "first_meeting", pipeline: str = "new_business") -> Setpoint:
    """Return a setpoint every installation starts with."""
    return Setpoint.objects.get(pipeline__code=pipeline, code=code)


def get_version(code: str) -> CriterionVersion:
    """Return the criterion version in force in the pipeline every installation starts with."""
    return CriterionVersion.objects.get(
        criterion__code=code, criterion__setpoint__pipeline__code="new_business", valid_until=None
    )


class OpportunityFactory(DjangoModelFactory[Opportunity]):
    """An open deal at First meeting without history; `at="50"` puts it elsewhere, `won=True` or `lost=True` closes it."""

    class Meta:
        model = Opportunity

    class Params:
        won = factory.Trait(outcome="won", closed_at=LONG_AGO)
        lost = factory.Trait(outcome="lost", closed_at=LONG_AGO)
        archived = factory.Trait(archived_at=LONG_AGO)

    name = factory.Sequence(lambda n: f"Deal {n}")
    account = factory.SubFactory(AccountFactory)
    owner = factory.SubFactory(UserFactory, rep=True)
    deal_type = "new_business"
    setpoint_entered_at = LONG_AGO
    created_at = LONG_AGO
    recorded_at = LONG_AGO

    @classmethod
    def _create(
        cls, model_class: Any, *args: Any, at: str = "first_meeting", amount: Any = None, **kwargs: Any
    ) -> Opportunity:
        setpoint = get_setpoint(at)
        kwargs = {"setpoint": setpoint, "pipeline": setpoint.pipeline, "highest_rank": setpoint.rank} | kwargs
        money = Money(amount, "EUR") if isinstance(amount, int | float) or hasattr(amount, "quantize") else amount
        deal: Opportunity = super()._create(model_class, *args, amount=money, **kwargs)
        return deal


class ProductFactory(DjangoModelFactory[Product]):
    """Something on the price list."""

    class Meta:
        model = Product

    name = factory.Sequence(lambda n: f"Product {n}")
    created_at = LONG_AGO
    recorded_at = LONG_AGO


class NextStepFactory(DjangoModelFactory[NextStep]):
    """An open step; the deal repeats it as commands would."""

    class Meta:
        model = NextStep
        skip_postgeneration_save = True

    opportunity = factory.SubFactory(OpportunityFactory)
    owner = factory.SelfAttribute("opportunity.owner")
    purpose = factory.Sequence(lambda n: f"Step {n}")
    due_on = date(2026, 3, 2)
    created_at = LONG_AGO

    @factory.post_generation
    def repeated(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """Repeat the step on its deal."""
        Opportunity.objects.filter(pk=self.opportunity_id).update(next_step_on=self.due_on, current_step=self.pk)


class AttestationFactory(DjangoModelFactory[Attestation]):
    """An attested fact; `code` names the criterion."""

    class Meta:
        model = Attestation

    opportunity = factory.SubFactory(OpportunityFactory)
    said_on = date(2026, 1, 20)
    note = "They said so"
    at = LONG_AGO

    @classmethod
    def _create(cls, model_class: Any, *args: Any, code: str = "interest_confirmed", **kwargs: Any) -> Attestation:
        kwargs.setdefault("criterion_version", None)
        kwargs["criterion_version"] = kwargs["criterion_version"] or get_version(code)
        attestation: Attestation = super()._create(model_class, *args, **kwargs)
        return attestation


class OpportunityActivityFactory(DjangoModelFactory[OpportunityActivity]):
    """Links an activity to a deal."""

    class Meta:
        model = OpportunityActivity

    opportunity = factory.SubFactory(OpportunityFactory)
    activity = factory.SubFactory(ActivityFactory)


class AssessmentFactory(DjangoModelFactory[Assessment]):
    """How well an element is known: told by one contact, whoever that was."""

    class Meta:
        model = Assessment

    opportunity = factory.SubFactory(OpportunityFactory)
    element = "budget"
    level = 2
    said_on = date(2026, 1, 20)
    note = "They said so"
    at = LONG_AGO


def assess_all(deal: Opportunity, level: int = 0) -> None:
    """Assess every element of qualification that nobody assessed yet."""
    known = set(Assessment.objects.filter(opportunity=deal, ended_at=None).values_list("element", flat=True))
    for element in QUALIFICATION:
        if element not in known:
            AssessmentFactory(opportunity=deal, element=element, level=level)


def meet_criteria(deal: Opportunity, upto: str = "90", *, but: str = "") -> None:
    """Give a deal evidence for every criterion of a setpoint and those below, one of these left out."""
    OpportunityActivityFactory(opportunity=deal, activity=ActivityFactory(held=True, account=deal.account))
    NextStepFactory(opportunity=deal, agreed_with=deal.contact)
    deal.decision_on, deal.required_results, deal.go_live_on = date(2026, 5, 29), "12% less water", date(2026, 9, 1)
    deal.save(update_fields=["decision_on", "required_results", "go_live_on"])
    versions = CriterionVersion.objects.filter(
        criterion__setpoint__pipeline=deal.pipeline_id, criterion__setpoint__rank__lte=get_setpoint(upto).rank,
        valid_until=None,
    )  # fmt: skip
    for version in versions.exclude(criterion__code=but).select_related("criterion"):
        if version.evidence == "attested":
            AttestationFactory(opportunity=deal, criterion_version=version)
        elif version.check_code in FACT_ELEMENTS:
            AssessmentFactory(opportunity=deal, element=FACT_ELEMENTS[Fact(version.check_code)])
        elif version.check_code == Fact.DECISION_MAKER_MET:
            decider = deal.contact or ContactFactory(account=deal.account)
            Stakeholder.objects.update_or_create(
                opportunity=deal, contact=decider, defaults={"role": "decision_maker", "met_on": date(2026, 1, 20)}
            )
    if get_setpoint(upto).rank >= get_setpoint("50").rank:
        assess_all(deal)


__all__ = [
    "NO_MEETING_YET",
    "AssessmentFactory",
    "AttestationFactory",
    "NextStepFactory",
    "OpportunityActivityFactory",
    "OpportunityFactory",
    "Pipeline",
    "ProductFactory",
    "assess_all",
    "get_setpoint",
    "get_version",
    "meet_criteria",
]
