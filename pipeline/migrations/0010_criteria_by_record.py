from datetime import UTC, datetime

from django.db import migrations
from django.utils import timezone

# What an attested note met until now: by which kind of evidence it is met from now on.
BY = {
    "budget_known": "record",
    "need_known": "record",
    "competition_known": "record",
    "decision_process_known": "record",
    "decision_maker_met": "record",
    "participants_known": "record",
    "results_known": "field",
    "go_live_known": "field",
}
ELEMENTS = {
    "budget_known": "budget",
    "need_known": "need",
    "competition_known": "competition",
    "decision_process_known": "decision_process",
    "participants_known": "stakeholders_known",
}
SETPOINT = "50"
ASSESSED = (
    "qualification_assessed",
    "Every element of qualification assessed",
    "What do we know of each, and from whom?",
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def carry_over(apps, schema_editor):
    """Give each criterion the version that is met by records; what was attested becomes these records."""
    CriterionVersion = apps.get_model("pipeline", "CriterionVersion")
    # Where nobody has worked by them yet, the new versions are in force from the first.
    moment = timezone.now() if apps.get_model("pipeline", "Opportunity").objects.exists() else EPOCH
    current = CriterionVersion.objects.filter(criterion__code__in=BY, evidence="attested", valid_until=None)
    for version in current.select_related("criterion"):
        carry_attestations(apps, version)
        CriterionVersion.objects.filter(pk=version.pk).update(valid_until=moment)
        CriterionVersion.objects.create(
            criterion=version.criterion, number=version.number + 1, text=version.text, ask=version.ask,
            evidence=BY[version.criterion.code], check_code=version.criterion.code, gate=version.gate,
            deal_types=version.deal_types, valid_from=moment,
        )  # fmt: skip
    ask_for_assessment(apps, moment)


def carry_attestations(apps, version):
    Attestation = apps.get_model("pipeline", "Attestation")
    code = version.criterion.code
    said = Attestation.objects.filter(criterion_version__criterion=version.criterion, revoked_at=None)
    if code in ELEMENTS:
        assess(apps, said, ELEMENTS[code])
    elif code == "decision_maker_met":
        name_decision_makers(apps, said.exclude(contact=None))
    elif code == "results_known":
        Opportunity = apps.get_model("pipeline", "Opportunity")
        for each in said.exclude(note="").order_by("at").iterator():
            Opportunity.objects.filter(pk=each.opportunity_id, required_results="").update(required_results=each.note)


def assess(apps, said, element):
    Assessment = apps.get_model("pipeline", "Assessment")
    known = set(Assessment.objects.filter(element=element, ended_at=None).values_list("opportunity_id", flat=True))
    latest = {each.opportunity_id: each for each in said.order_by("at").iterator()}
    Assessment.objects.bulk_create(
        [
            Assessment(
                opportunity_id=deal_id, element=element, level=2, said_on=each.said_on, contact_id=each.contact_id,
                note=each.note, by_id=each.by_id, at=each.at,
            )
            for deal_id, each in latest.items()
            if deal_id not in known
        ],
        batch_size=1000,
    )  # fmt: skip


def name_decision_makers(apps, said):
    Stakeholder = apps.get_model("pipeline", "Stakeholder")
    latest = {each.opportunity_id: each for each in said.order_by("at").iterator()}
    there = {
        (each.opportunity_id, each.contact_id): each
        for each in Stakeholder.objects.filter(opportunity_id__in=latest).iterator()
    }
    new, changed = [], []
    for deal_id, each in latest.items():
        person = there.get((deal_id, each.contact_id))
        if person is None:
            new.append(Stakeholder(opportunity_id=deal_id, contact_id=each.contact_id, role="decision_maker"))
        else:
            changed.append(person)
        (person or new[-1]).met_on = each.said_on
        (person or new[-1]).role = "decision_maker"
    Stakeholder.objects.bulk_create(new, batch_size=1000)
    Stakeholder.objects.bulk_update(changed, ["role", "met_on"], batch_size=1000)


def ask_for_assessment(apps, moment):
    Criterion = apps.get_model("pipeline", "Criterion")
    code, text, ask = ASSESSED
    setpoint = apps.get_model("pipeline", "Setpoint").objects.get(pipeline__code="new_business", code=SETPOINT)
    criterion, is_new = Criterion.objects.get_or_create(setpoint=setpoint, code=code, defaults={"order": 6})
    if is_new:
        apps.get_model("pipeline", "CriterionVersion").objects.create(
            criterion=criterion, number=1, text=text, ask=ask, evidence="record", check_code=code, gate="require",
            valid_from=moment,
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("pipeline", "0009_elements_that_do_not_apply")]
    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
