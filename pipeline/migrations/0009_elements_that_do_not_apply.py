from django.db import migrations, models

from crm.lib.migrations import AddConstraint, AddField
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ('pipeline', '0008_promises'),
    ]

    operations = [
        AddField(
            model_name='assessment',
            name='applies',
            field=models.BooleanField(default=True),
        ),
        AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(
                condition=Q(applies=True) | (Q(level=0) & ~Q(note='')), name='assessment_not_applicable_for_a_reason'
            ),
        ),
    ]
