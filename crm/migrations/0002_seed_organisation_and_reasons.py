from django.conf import settings
from django.db import migrations

CRITERIA = {
    "interest_confirmed": "Interest not confirmed",
    "budget_known": "Budget not known",
    "need_known": "Need not known",
    "competition_known": "Competition not known",
    "decision_process_known": "Decision process not known",
    "decision_maker_met": "Decision maker not met",
    "decision_date_known": "Decision date not known",
    "verbal_agreement": "No verbal agreement",
    "next_step_agreed": "No next step agreed",
    "participants_known": "Participants not known",
    "results_known": "Results not known",
    "go_live_known": "Go-live not known",
}
REASONS = {
    "lost": ["price", "product", "relationship", "timing", "competitor_incumbent", "other", "not_recorded"],
    "no_decision": ["no_budget", "priority_changed", "sponsor_left", "went_quiet", "other", "not_recorded"],
    "declined": [
        "no_sponsor_above_middle_management",
        "vague_pain_without_date",
        "feature_parity",
        "just_looking",
        "heavy_customisation",
        # The criteria of the setpoints: each may be what spoke against a deal.
        *CRITERIA,
        "other",
        "not_recorded",
    ],
    "won": ["product", "price", "relationship", "timing", "references", "other", "not_recorded"],
    "lead_rejected": ["not_now", "no_interest_yet", "wrong_fit", "wrong_person", "duplicate", "invalid"],
}
NAMES = {
    "competitor_incumbent": "The incumbent stayed",
    "not_recorded": "Not recorded",
    "no_budget": "No budget",
    "priority_changed": "Priorities changed",
    "sponsor_left": "The sponsor left",
    "went_quiet": "They went quiet",
    "no_sponsor_above_middle_management": "No sponsor above middle management",
    "vague_pain_without_date": "A vague problem without a date",
    "feature_parity": "A comparison in which we are at par",
    "just_looking": "Just looking",
    "heavy_customisation": "Heavy customisation needed",
    "not_now": "Not now",
    "no_interest_yet": "No interest yet",
    "wrong_fit": "Not a fit",
    "wrong_person": "The wrong person",
    **CRITERIA,
}


def seed(apps, schema_editor):
    Organisation = apps.get_model("crm", "Organisation")
    OrganisationTimeZone = apps.get_model("crm", "OrganisationTimeZone")
    Reason = apps.get_model("crm", "Reason")
    Organisation.objects.create(id=1, name="Setpoint")
    OrganisationTimeZone.objects.create(zone=settings.TIME_ZONE, valid_from="1970-01-01")
    Reason.objects.bulk_create(
        Reason(kind=kind, code=code, name=NAMES.get(code, code.replace("_", " ").capitalize()), order=order)
        for kind, codes in REASONS.items()
        for order, code in enumerate(codes)
    )


class Migration(migrations.Migration):
    dependencies = [("crm", "0001_people_and_companies")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
