from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations, models

from crm.lib.migrations import AddIndex, RemoveIndex


class Migration(migrations.Migration):
    dependencies = [("pipeline", "0003_leaner_deal_events")]

    operations = [
        RemoveIndex(model_name="opportunityevent", name="opportunity_event_when"),
        AddIndex(
            model_name="opportunityevent",
            index=models.Index(
                fields=["kind", "occurred_at"], include=["opportunity"], name="opportunity_event_when"
            ),
        ),
        AddIndex(
            model_name="opportunityevent",
            index=models.Index(
                fields=["opportunity", "kind", "occurred_at", "seq"],
                include=["new", "recorded_at"],
                condition=models.Q(kind__in=["setpoint", "owner", "amount"]),
                name="opportunity_event_value",
            ),
        ),
        AddIndex(
            model_name="opportunityevent",
            index=models.Index(
                fields=["kind", "opportunity"],
                condition=models.Q(kind__in=["owner", "amount"], old__isnull=False),
                name="opportunity_event_changed",
            ),
        ),
        AddIndex(
            model_name="opportunityevent",
            index=BrinIndex(fields=["recorded_at"], autosummarize=True, name="opportunity_event_learnt"),
        ),
    ]
