from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("crm", "0008_personas_and_insight")]

    operations = [
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(
                fields=["id"],
                include=["occurred_at", "recorded_at"],
                condition=Q(outcome="held", kind__in=["demo", "meeting"], archived_at=None),
                name="activity_held",
            ),
        ),
    ]
