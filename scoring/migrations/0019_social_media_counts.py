from django.db import migrations

CODE, NAME = "social_engaged", "Responded on social media"


def add(apps, schema_editor):
    # One's own type of that code stays as it is.
    apps.get_model("scoring", "LeadEventType").objects.get_or_create(
        code=CODE, defaults={"name": NAME, "qualifies": True}
    )


class Migration(migrations.Migration):
    """What leads do on social networks is a type of event everywhere, for rules on how they respond (LT-073)."""

    dependencies = [("scoring", "0018_since_when_an_event_counts")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
