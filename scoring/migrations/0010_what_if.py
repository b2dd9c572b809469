import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from crm.lib.migrations import AddConstraint, CreateModel


class Migration(migrations.Migration):
    """Rules are tried on the real past before they are published."""

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("scoring", "0009_routing_reminders_and_trials"),
    ]

    operations = [
        CreateModel(
            name="Simulation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("model_version", models.PositiveIntegerField()),
                ("rules", models.JSONField()),
                ("in_force", models.JSONField()),
                ("as_of", models.DateTimeField()),
                ("split_at", models.DateTimeField()),
                ("leads", models.PositiveIntegerField(default=0)),
                ("asked_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("result", models.JSONField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "model",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="simulations",
                        to="scoring.scoringmodel",
                    ),
                ),
            ],
            options={"ordering": ["-id"]},
        ),
        CreateModel(
            name="SimulationPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first", models.BigIntegerField()),
                ("last", models.BigIntegerField()),
                ("leads", models.PositiveIntegerField(default=0)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("result", models.JSONField(blank=True, null=True)),
                (
                    "simulation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="scoring.simulation"
                    ),
                ),
            ],
        ),
        AddConstraint(
            model_name="simulationpart",
            constraint=models.UniqueConstraint(fields=("simulation", "first"), name="simulation_part_once"),
        ),
    ]
