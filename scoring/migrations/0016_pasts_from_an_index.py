from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # events go on being taken in while the index is made

    dependencies = [
        ('scoring', '0015_clocks_that_ended'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='leadevent',
            index=models.Index(fields=['lead', 'occurred_at', 'id'], include=['type', 'not_counted'], name='lead_event_past'),
        ),
        RemoveIndexConcurrently(
            model_name='leadevent',
            name='lead_event_replay',
        ),
    ]
