from django.db import migrations, models

from crm.lib.migrations import AddIndex, RemoveIndex
from django.db.models import Q


class Migration(migrations.Migration):
    """The board sums open deals, and those closed in a quarter, from indexes that hold all it asks for."""

    dependencies = [("pipeline", "0011_signals_as_kept")]

    operations = [
        RemoveIndex(model_name="opportunity", name="opportunity_totals"),
        AddIndex(
            model_name="opportunity",
            index=models.Index(
                fields=["setpoint", "amount_currency"],
                include=["amount", "next_step_on", "outcome", "owner", "pipeline", "evidenced_setpoint"],
                name="opportunity_open_sums",
                condition=Q(outcome="", archived_at=None) & Q(merged_into=None),
            ),
        ),
        RemoveIndex(model_name="opportunity", name="opportunity_closed"),
        AddIndex(
            model_name="opportunity",
            index=models.Index(
                fields=["closed_at", "outcome"],
                include=[
                    "setpoint", "amount", "amount_currency", "next_step_on", "owner", "pipeline", "archived_at", "merged_into",
                ],
                name="opportunity_closed",
                condition=~Q(outcome=""),
            ),
        ),
    ]  # fmt: skip
