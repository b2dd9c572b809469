from django.db import migrations, models


class Migration(migrations.Migration):
    """What was known at a time tells nothing that turned out later: neither of scanners nor of who confirmed."""

    dependencies = [
        ("scoring", "0017_crossing_once_a_lead"),
    ]

    operations = [
        migrations.AddField(
            model_name="leadevent",
            name="judged_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
