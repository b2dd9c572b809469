from datetime import UTC, datetime

from django.db import migrations

SETPOINTS = [
    # code, name, meaning, probability, stall limit in days
    ("first_meeting", "First meeting", "Meeting dated", "0.10", 14),
    ("25", "25%", "Next step agreed", "0.25", 60),
    ("50", "50%", "Decision soon", "0.50", 30),
    ("90", "90%", "Verbal yes", "0.90", 30),
]
CRITERIA = {
    # code, text, what to ask, how it is met
    "first_meeting": [
        ("meeting_dated", "A meeting with a date is set", "When do we meet?", "record"),
        ("deal_type_known", "The type of deal is known", "New business, win-back, renewal or expansion?", "field"),
    ],
    "25": [
        ("first_meeting_held", "The first meeting was held", "Log how the meeting went", "record"),
        ("next_step_agreed", "A next step with a date is agreed with the customer", "What did you agree on?", "record"),
        ("interest_confirmed", "The customer said they want to hear more", "Who said so, and when?", "attested"),
    ],
    "50": [
        ("budget_known", "Budget known", "How much is set aside, and by whom?", "attested"),
        ("need_known", "Need known", "What does the problem cost them?", "attested"),
        ("competition_known", "Competition known", "Who else do they look at?", "attested"),
        ("decision_process_known", "Decision process known", "Which steps lead to a decision?", "attested"),
        ("decision_maker_met", "Decision maker named and met", "Who decides, and when did we meet?", "attested"),
        ("decision_date_known", "Decision date known", "On which day do they decide?", "field"),
    ],
    "90": [
        ("verbal_agreement", "Verbal agreement by a named person", "Who said yes, and when?", "attested"),
        ("closing_step_set", "Next step set", "What happens next, and when?", "record"),
        ("participants_known", "Who is involved is known", "Who signs and who uses it?", "attested"),
        ("results_known", "The result they need is known", "What must be better, and by how much?", "attested"),
        ("go_live_known", "When it goes live is known", "From which day must it work?", "attested"),
    ],
}


def seed(apps, schema_editor):
    Pipeline = apps.get_model("pipeline", "Pipeline")
    Setpoint = apps.get_model("pipeline", "Setpoint")
    Criterion = apps.get_model("pipeline", "Criterion")
    CriterionVersion = apps.get_model("pipeline", "CriterionVersion")
    new_business = Pipeline.objects.create(code="new_business", name="New business")
    for rank, (code, name, meaning, probability, limit) in enumerate(SETPOINTS):
        setpoint = Setpoint.objects.create(
            pipeline=new_business, code=code, name=name, meaning=meaning,
            rank=rank, probability=probability, stall_limit_days=limit,
        )  # fmt: skip
        for order, (criterion_code, text, ask, evidence) in enumerate(CRITERIA[code]):
            criterion = Criterion.objects.create(setpoint=setpoint, code=criterion_code, order=order)
            CriterionVersion.objects.create(
                criterion=criterion, number=1, text=text, ask=ask, evidence=evidence, gate="warn",
                check_code="" if evidence == "attested" else criterion_code,
                valid_from=datetime(1970, 1, 1, tzinfo=UTC),
            )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("pipeline", "0001_setpoints_and_deals")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
