from datetime import UTC, datetime

from django.db import migrations

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# The same four setpoints as in new business, so that everybody means the same by them; each pipeline asks for its own.
SETPOINTS = [
    # code, name, weight, days a deal may stand there
    ("first_meeting", "First meeting", "0.10", 14),
    ("25", "25%", "0.25", 60),
    ("50", "50%", "0.50", 30),
    ("90", "90%", "0.90", 30),
]
ASSESSED = (
    "qualification_assessed", "Every element of qualification assessed", "What do we know of each, and from whom?",
    "record", "require",
)  # fmt: skip
PIPELINES = [
    (
        "renewal",
        "Renewal",
        {
            "first_meeting": (
                "Talk dated",
                "Look up how they use it and what went wrong in the term that ends, and ask for the talk in good time.",
                ["deal_type", "contact_id", "expected_close_on"],
                [
                    ("meeting_dated", "A talk about the renewal with a date is set", "When do we meet?", "record", "warn"),
                    ("deal_type_known", "The type of deal is known", "Renewal, or an expansion as well?", "field", "warn"),
                ],
            ),
            "25": (
                "Next step agreed",
                "Ask what they got from it and what changes on their side, and leave with a step you both agreed on.",
                ["amount", "expected_close_on"],
                [
                    ("first_meeting_held", "The talk was held", "Log how the talk went", "record", "warn"),
                    ("next_step_agreed", "A next step with a date is agreed with the customer", "What did you agree on?",
                     "record", "warn"),
                    ("interest_confirmed", "The customer said they mean to stay", "Who said so, and when?", "attested",
                     "warn"),
                ],
            ),
            "50": (
                "Decision soon",
                "Know who decides this time and whom they compare us with. Whoever signed last time may have left.",
                ["decision_on", "amount"],
                [
                    ("need_known", "What they still need is known", "What do they use, and what is missing?", "record",
                     "warn"),
                    ("budget_known", "Budget known", "Is it in next year’s budget, and whose?", "record", "warn"),
                    ("competition_known", "Competition known", "Whom do they compare us with?", "record", "warn"),
                    ("decision_maker_met", "Decision maker named and met", "Who decides, and when did we meet?", "record",
                     "warn"),
                    ("decision_date_known", "Decision date known", "On which day before the term ends do they decide?",
                     "field", "warn"),
                    ASSESSED,
                ],
            ),
            "90": (
                "Verbal yes",
                "Hold what was said: the price, the term and the day from which it counts.",
                ["go_live_on", "amount", "expected_close_on"],
                [
                    ("verbal_agreement", "Verbal agreement by a named person", "Who said yes, and when?", "attested",
                     "warn"),
                    ("closing_step_set", "Next step set", "What happens next, and when?", "record", "warn"),
                    ("go_live_known", "The day the new term begins is known", "From which day does it count?", "field",
                     "warn"),
                ],
            ),
        },
    ),
    (
        "expansion",
        "Expansion",
        {
            "first_meeting": (
                "Meeting dated",
                "Start from what they use already and who is content with it; find out where else the same trouble costs.",
                ["deal_type", "contact_id"],
                [
                    ("meeting_dated", "A meeting with a date is set", "When do we meet?", "record", "warn"),
                    ("deal_type_known", "The type of deal is known", "More use, another product, another unit?", "field",
                     "warn"),
                ],
            ),
            "25": (
                "Next step agreed",
                "Let whoever uses it today speak for it. Who decides about more may be somebody else.",
                ["amount", "expected_close_on"],
                [
                    ("first_meeting_held", "The first meeting was held", "Log how the meeting went", "record", "warn"),
                    ("next_step_agreed", "A next step with a date is agreed with the customer", "What did you agree on?",
                     "record", "warn"),
                    ("interest_confirmed", "The customer said they want more of it", "Who said so, and when?", "attested",
                     "warn"),
                ],
            ),
            "50": (
                "Decision soon",
                "A new unit has its own budget and its own way to decide: ask as if they were new.",
                ["decision_on", "amount"],
                [
                    ("budget_known", "Budget known", "How much is set aside, and by whom?", "record", "warn"),
                    ("need_known", "Need known", "What does the problem cost them there?", "record", "warn"),
                    ("decision_process_known", "Decision process known", "Which steps lead to a decision?", "record",
                     "warn"),
                    ("decision_maker_met", "Decision maker named and met", "Who decides, and when did we meet?", "record",
                     "warn"),
                    ("decision_date_known", "Decision date known", "On which day do they decide?", "field", "warn"),
                    ASSESSED,
                ],
            ),
            "90": (
                "Verbal yes",
                "Hold what was said: who will use it, which result they need and from which day it must work.",
                ["required_results", "go_live_on", "expected_close_on"],
                [
                    ("verbal_agreement", "Verbal agreement by a named person", "Who said yes, and when?", "attested",
                     "warn"),
                    ("closing_step_set", "Next step set", "What happens next, and when?", "record", "warn"),
                    ("participants_known", "Who is involved is known", "Who signs and who uses it?", "record", "warn"),
                    ("results_known", "The result they need is known", "What must be better, and by how much?", "field",
                     "warn"),
                    ("go_live_known", "When it goes live is known", "From which day must it work?", "field", "warn"),
                ],
            ),
        },
    ),
]  # fmt: skip


def seed(apps, schema_editor):
    """Add the pipelines an installation does not have yet under that code or name."""
    Pipeline = apps.get_model("pipeline", "Pipeline")
    for code, name, asked in PIPELINES:
        if Pipeline.objects.filter(code=code).exists() or Pipeline.objects.filter(name__iexact=name).exists():
            continue
        pipeline = Pipeline.objects.create(code=code, name=name, order=Pipeline.objects.count())
        for rank, setpoint in enumerate(SETPOINTS):
            seed_setpoint(apps, pipeline, rank, setpoint, asked[setpoint[0]])


def seed_setpoint(apps, pipeline, rank, setpoint, asked):
    code, name, probability, limit = setpoint
    meaning, guidance, key_fields, criteria = asked
    made = apps.get_model("pipeline", "Setpoint").objects.create(
        pipeline=pipeline, code=code, name=name, meaning=meaning, rank=rank, probability=probability,
        stall_limit_days=limit, guidance=guidance, key_fields=key_fields,
    )  # fmt: skip
    for order, (fact, text, ask, evidence, gate) in enumerate(criteria):
        criterion = apps.get_model("pipeline", "Criterion").objects.create(setpoint=made, code=fact, order=order)
        apps.get_model("pipeline", "CriterionVersion").objects.create(
            criterion=criterion, number=1, text=text, ask=ask, evidence=evidence, gate=gate,
            check_code="" if evidence == "attested" else fact, valid_from=EPOCH,
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("pipeline", "0022_economics_in_full")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
