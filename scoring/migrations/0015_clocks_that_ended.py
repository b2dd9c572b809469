import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from crm.lib.migrations import AddTrigger, CreateModel


class Migration(migrations.Migration):

    dependencies = [
        ('scoring', '0014_champion_and_challenger'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModel(
            name='EndedClock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('assigned_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField()),
                ('handoff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ended_clocks', to='scoring.handoff')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['assigned_at'], name='ended_clock_when')],
            },
        ),
        AddTrigger(
            model_name='endedclock',
            trigger=pgtrigger.compiler.Trigger(name='never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT COALESCE(FALSE, FALSE))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='41d66cfc6e99c8ef882621586a43c7c965fb92be', operation='UPDATE', pgid='pgtrigger_never_changed_8073f', table='scoring_endedclock', when='BEFORE')),
        ),
        AddTrigger(
            model_name='endedclock',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT COALESCE(FALSE, FALSE))', func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='1fcfb7863641ddba563e017052bdd5ab60f8c570', operation='DELETE', pgid='pgtrigger_never_deleted_97287', table='scoring_endedclock', when='BEFORE')),
        ),
    ]
