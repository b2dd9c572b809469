import pgtrigger.compiler
from django.db import migrations, models

from crm.lib.migrations import AddTrigger, CreateModel


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0001_quarter_reviews'),
    ]

    operations = [
        CreateModel(
            name='WeeklyNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('week', models.DateField(unique=True)),
                ('as_of', models.DateTimeField()),
                ('made_at', models.DateTimeField()),
                ('content', models.JSONField(default=dict)),
            ],
            options={
                'ordering': ['-week'],
            },
        ),
        AddTrigger(
            model_name='weeklynote',
            trigger=pgtrigger.compiler.Trigger(name='never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT COALESCE(FALSE, FALSE))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='bace3498e89e98c3d13c16b492a151735c6067d1', operation='UPDATE', pgid='pgtrigger_never_changed_3cc90', table='reports_weeklynote', when='BEFORE')),
        ),
        AddTrigger(
            model_name='weeklynote',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT COALESCE(FALSE, FALSE))', func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='52a6275d89c6f85d56f51b6dadbad4fbf371e2e9', operation='DELETE', pgid='pgtrigger_never_deleted_3ee47', table='reports_weeklynote', when='BEFORE')),
        ),
    ]
