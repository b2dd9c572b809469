from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """The board adds up open deals as they come from the index, without sorting or hashing them."""

    dependencies = [("pipeline", "0027_points_have_versions")]

    operations = [
        migrations.RemoveIndex(model_name="opportunity", name="opportunity_open_sums"),
        migrations.AddIndex(
            model_name="opportunity",
            index=models.Index(
                fields=["setpoint", "evidenced_setpoint", "amount_currency"],
                include=["amount", "next_step_on", "owner", "pipeline"],
                name="opportunity_open_sums",
                condition=Q(outcome="", archived_at=None) & Q(merged_into=None),
            ),
        ),
        migrations.RemoveIndex(model_name="opportunity", name="opportunity_closed"),
        migrations.AddIndex(
            model_name="opportunity",
            index=models.Index(
                fields=["closed_at", "outcome"],
                include=["amount", "amount_currency", "owner", "pipeline", "archived_at", "merged_into"],
                name="opportunity_closed",
                condition=~Q(outcome=""),
            ),
        ),
    ]
