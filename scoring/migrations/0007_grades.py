from django.db import migrations, models

from crm.lib.migrations import AddField


class Migration(migrations.Migration):
    """A stored score carries the lead's grade."""

    dependencies = [("scoring", "0006_rules_of_every_kind")]

    operations = [
        AddField(
            model_name="leadscore",
            name="grade",
            field=models.CharField(blank=True, db_default="", default="", max_length=1),
        ),
    ]
