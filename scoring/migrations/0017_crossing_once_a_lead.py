import django.db.models.deletion
from django.db import migrations, models

from crm.lib.migrations import AddConstraint


class Migration(migrations.Migration):
    """A visitor's event may cross for two leads: for the one it counted for once, and the one it turned out to be of."""

    dependencies = [
        ("scoring", "0016_pasts_from_an_index"),
    ]

    operations = [
        migrations.AlterField(
            model_name="crossing",
            name="event",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="crossings",
                to="scoring.leadevent",
            ),
        ),
        AddConstraint(
            model_name="crossing",
            constraint=models.UniqueConstraint(fields=("event", "lead"), name="crossing_once_by_an_event"),
        ),
    ]
