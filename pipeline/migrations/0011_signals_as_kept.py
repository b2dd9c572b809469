import django.db.models.deletion
from django.db import migrations, models

from crm.lib.migrations import AddConstraint, AddField, AddIndex, CreateModel, RemoveIndex
from django.db.models import F, Q

KINDS = (
    "created", "setpoint", "move_voided", "amount", "expected_close_on", "owner", "pipeline", "deal_type", "category",
    "approach", "closed", "reopened", "archived", "merged", "next_step", "qualification", "selection", "evidence",
    "stakeholder", "economics", "pause",
)  # fmt: skip
OPEN = Q(outcome="", archived_at=None)
WORST_FIRST = (F("setpoint"), F("severity").desc(), F("next_step_on").asc(nulls_first=True), F("id"))


class Migration(migrations.Migration):
    dependencies = [("pipeline", "0010_criteria_by_record")]

    operations = [
        CreateModel(
            name="TypicalStay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("band", models.CharField(max_length=20)),
                ("deal_type", models.CharField(max_length=20)),
                ("days", models.DecimalField(decimal_places=2, max_digits=8)),
                ("wins", models.PositiveIntegerField()),
                (
                    "setpoint",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="typical_stays",
                        to="pipeline.setpoint",
                    ),
                ),
            ],
        ),
        AddConstraint(
            model_name="typicalstay",
            constraint=models.UniqueConstraint(fields=["setpoint", "band", "deal_type"], name="typical_stay_once"),
        ),
        RemoveIndex(model_name="signal", name="signal_by_code"),
        AddField(model_name="signal", name="snoozed_until", field=models.DateField(blank=True, null=True)),
        AddIndex(
            model_name="signal",
            index=models.Index(
                fields=["code", "opportunity"], condition=Q(snoozed_until=None), name="signal_speaking_by_code"
            ),
        ),
        migrations.AlterField(
            model_name="opportunityevent",
            name="kind",
            field=models.CharField(choices=[(kind, kind) for kind in KINDS], max_length=20),
        ),
        AddIndex(
            model_name="opportunity",
            index=models.Index(*WORST_FIRST, name="opportunity_attention", condition=OPEN),
        ),
        AddIndex(
            model_name="opportunity",
            index=models.Index(F("owner"), *WORST_FIRST, name="opportunity_owner_attention", condition=OPEN),
        ),
    ]
