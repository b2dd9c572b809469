import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from crm.lib.migrations import CreateModel


class Migration(migrations.Migration):

    dependencies = [
        ('scoring', '0007_grades'),
    ]

    operations = [
        CreateModel(
            name='CrossingRules',
            fields=[
                ('crossing', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='rules_then', serialize=False, to='scoring.crossing')),
                ('rules', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), default=list, size=None)),
            ],
        ),
    ]
