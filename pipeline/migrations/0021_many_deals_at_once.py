import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from crm.lib.migrations import AddConstraint, AddTrigger, CreateModel


class Migration(migrations.Migration):

    dependencies = [
        ('pipeline', '0020_business_cases_in_full'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModel(
            name='BulkEdit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('owner_id', 'owner_id'), ('setpoint_id', 'setpoint_id'), ('expected_close_on', 'expected_close_on'), ('deal_type', 'deal_type'), ('next_step', 'next_step')], max_length=20)),
                ('value', models.JSONField(blank=True, default=dict)),
                ('reason', models.CharField(blank=True, default='', max_length=2000)),
                ('at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        CreateModel(
            name='BulkAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('changed', 'changed'), ('overridden', 'overridden'), ('unchanged', 'unchanged'), ('refused', 'refused')], max_length=10)),
                ('refusals', models.JSONField(blank=True, default=list)),
                ('override_allowed', models.BooleanField(default=False)),
                ('version', models.PositiveIntegerField()),
                ('first_seq', models.PositiveIntegerField(blank=True, null=True)),
                ('last_seq', models.PositiveIntegerField(blank=True, null=True)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('opportunity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pipeline.opportunity')),
                ('bulk_edit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='pipeline.bulkedit')),
            ],
        ),
        AddTrigger(
            model_name='bulkedit',
            trigger=pgtrigger.compiler.Trigger(name='never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT COALESCE(OLD.undone_at IS NULL AND NEW.undone_at IS NOT NULL, FALSE))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='27d0a5fd34a442f0c7b67bf0a3e6489e0adb8564', operation='UPDATE', pgid='pgtrigger_never_changed_bbc1d', table='pipeline_bulkedit', when='BEFORE')),
        ),
        AddTrigger(
            model_name='bulkedit',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT COALESCE(FALSE, FALSE))', func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='23ebff3806de08710bad7882680bcd62c7fcc4c8', operation='DELETE', pgid='pgtrigger_never_deleted_aa5ec', table='pipeline_bulkedit', when='BEFORE')),
        ),
        AddConstraint(
            model_name='bulkanswer',
            constraint=models.UniqueConstraint(fields=('bulk_edit', 'opportunity'), name='bulk_answer_once'),
        ),
        AddTrigger(
            model_name='bulkanswer',
            trigger=pgtrigger.compiler.Trigger(name='never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT COALESCE(OLD.undone_at IS NULL AND NEW.undone_at IS NOT NULL, FALSE))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='a6073bf6024d6fb5c11ed599730c9df86b3052ec', operation='UPDATE', pgid='pgtrigger_never_changed_ac79b', table='pipeline_bulkanswer', when='BEFORE')),
        ),
        AddTrigger(
            model_name='bulkanswer',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT COALESCE(FALSE, FALSE))', func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='0ddb155c6d4ccc61f0f4f9a5cdafe7c30d5fcb70', operation='DELETE', pgid='pgtrigger_never_deleted_7cb75', table='pipeline_bulkanswer', when='BEFORE')),
        ),
    ]
