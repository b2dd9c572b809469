import django.db.models.deletion
import pgtrigger.compiler
from django.db import migrations, models

from crm.lib.migrations import AddConstraint, AddField, AddTrigger, CreateModel, RemoveTrigger


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0008_personas_and_insight'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('pipeline', '0019_meetings_and_guides'),
    ]

    operations = [
        CreateModel(
            name='BusinessCaseKpi',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('unit', models.CharField(blank=True, default='', max_length=40)),
                ('now', models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ('goal', models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ('our_part', models.CharField(blank=True, default='', max_length=300)),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['order', 'id'],
            },
        ),
        CreateModel(
            name='BusinessCaseKpiAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=120)),
                ('unit', models.CharField(blank=True, default='', max_length=40)),
                ('now', models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ('goal', models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ('our_part', models.CharField(blank=True, default='', max_length=300)),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        RemoveTrigger(
            model_name='businesscase',
            name='insert_insert',
        ),
        RemoveTrigger(
            model_name='businesscase',
            name='update_update',
        ),
        RemoveTrigger(
            model_name='businesscase',
            name='delete_delete',
        ),
        RemoveTrigger(
            model_name='businesscaserow',
            name='insert_insert',
        ),
        RemoveTrigger(
            model_name='businesscaserow',
            name='update_update',
        ),
        RemoveTrigger(
            model_name='businesscaserow',
            name='delete_delete',
        ),
        migrations.RenameField(
            model_name='businesscase',
            old_name='token_hash',
            new_name='share_key',
        ),
        migrations.RenameField(
            model_name='businesscaseaudit',
            old_name='token_hash',
            new_name='share_key',
        ),
        AddField(
            model_name='businesscase',
            name='co_built_on',
            field=models.DateField(blank=True, null=True),
        ),
        AddField(
            model_name='businesscase',
            name='co_built_with',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crm.contact'),
        ),
        AddField(
            model_name='businesscaseaudit',
            name='co_built_on',
            field=models.DateField(blank=True, null=True),
        ),
        AddField(
            model_name='businesscaseaudit',
            name='co_built_with',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.contact'),
        ),
        AddField(
            model_name='businesscaserow',
            name='removed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        AddField(
            model_name='businesscaserowaudit',
            name='removed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='businesscaserow',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='pipeline.businesscase'),
        ),
        AddTrigger(
            model_name='businesscase',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_businesscaseaudit" ("co_built_on", "co_built_with_id", "currency", "discount_rate", "id", "is_co_built", "justification", "measure", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "share_key", "shared_until", "version", "withdrawn_at", "years") SELECT new_values."co_built_on", new_values."co_built_with_id", new_values."currency", new_values."discount_rate", new_values."id", new_values."is_co_built", new_values."justification", new_values."measure", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."share_key", new_values."shared_until", new_values."version", new_values."withdrawn_at", new_values."years" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='f3084890ca88f0f4085540637b11c0d4cccf201d', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_952d6', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_businesscase', when='AFTER')),
        ),
        AddTrigger(
            model_name='businesscase',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_businesscaseaudit" ("co_built_on", "co_built_with_id", "currency", "discount_rate", "id", "is_co_built", "justification", "measure", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "share_key", "shared_until", "version", "withdrawn_at", "years") SELECT new_values."co_built_on", new_values."co_built_with_id", new_values."currency", new_values."discount_rate", new_values."id", new_values."is_co_built", new_values."justification", new_values."measure", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."share_key", new_values."shared_until", new_values."version", new_values."withdrawn_at", new_values."years" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='b268739366bff7921c08a01df940f7f48bd5ff08', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_3e480', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_businesscase', when='AFTER')),
        ),
        AddTrigger(
            model_name='businesscase',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_businesscaseaudit" ("co_built_on", "co_built_with_id", "currency", "discount_rate", "id", "is_co_built", "justification", "measure", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "share_key", "shared_until", "version", "withdrawn_at", "years") SELECT old_values."co_built_on", old_values."co_built_with_id", old_values."currency", old_values."discount_rate", old_values."id", old_values."is_co_built", old_values."justification", old_values."measure", old_values."opportunity_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."share_key", old_values."shared_until", old_values."version", old_values."withdrawn_at", old_values."years" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='b6b5609172be7262e99fec1cf15cf458f2f555cf', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_7d936', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_businesscase', when='AFTER')),
        ),
        AddTrigger(
            model_name='businesscaserow',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_businesscaserowaudit" ("at_start", "case_id", "id", "kpi_id", "label", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "side", "yearly") SELECT new_values."at_start", new_values."case_id", new_values."id", new_values."kpi_id", new_values."label", new_values."order", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."removed_at", new_values."side", new_values."yearly" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='eee529a42c8800cb76c6154a8eecce37dd8bc5df', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_09ebb', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_businesscaserow', when='AFTER')),
        ),
        AddTrigger(
            model_name='businesscaserow',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_businesscaserowaudit" ("at_start", "case_id", "id", "kpi_id", "label", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "side", "yearly") SELECT new_values."at_start", new_values."case_id", new_values."id", new_values."kpi_id", new_values."label", new_values."order", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."removed_at", new_values."side", new_values."yearly" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='59feaf4b45a88b6b1258e745d8faf246f197d56b', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_7c436', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_businesscaserow', when='AFTER')),
        ),
        AddTrigger(
            model_name='businesscaserow',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_businesscaserowaudit" ("at_start", "case_id", "id", "kpi_id", "label", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "side", "yearly") SELECT old_values."at_start", old_values."case_id", old_values."id", old_values."kpi_id", old_values."label", old_values."order", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."removed_at", old_values."side", old_values."yearly" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='e856cd31661049575b2b6de685b9b8492467824c', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_8f166', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_businesscaserow', when='AFTER')),
        ),
        AddConstraint(
            model_name='businesscase',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('co_built_on', None), ('co_built_with', None), ('is_co_built', False)), models.Q(('co_built_on__isnull', False), ('co_built_with__isnull', False), ('is_co_built', True)), _connector='OR'), name='business_case_co_built_with'),
        ),
        AddConstraint(
            model_name='businesscase',
            constraint=models.CheckConstraint(condition=models.Q(('share_key', None), ('shared_until__isnull', False), _connector='OR'), name='business_case_share_ends'),
        ),
        AddField(
            model_name='businesscasekpi',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='kpis', to='pipeline.businesscase'),
        ),
        AddField(
            model_name='businesscaserow',
            name='kpi',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='pipeline.businesscasekpi'),
        ),
        AddField(
            model_name='businesscaserowaudit',
            name='kpi',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pipeline.businesscasekpi'),
        ),
        AddField(
            model_name='businesscasekpiaudit',
            name='case',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pipeline.businesscase'),
        ),
        AddField(
            model_name='businesscasekpiaudit',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        AddField(
            model_name='businesscasekpiaudit',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='pipeline.businesscasekpi'),
        ),
        AddTrigger(
            model_name='businesscasekpi',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_businesscasekpiaudit" ("case_id", "goal", "id", "name", "now", "order", "our_part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "unit") SELECT new_values."case_id", new_values."goal", new_values."id", new_values."name", new_values."now", new_values."order", new_values."our_part", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."removed_at", new_values."unit" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='a83724912146a643855168fa08446c1c7b724711', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_94b1f', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_businesscasekpi', when='AFTER')),
        ),
        AddTrigger(
            model_name='businesscasekpi',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_businesscasekpiaudit" ("case_id", "goal", "id", "name", "now", "order", "our_part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "unit") SELECT new_values."case_id", new_values."goal", new_values."id", new_values."name", new_values."now", new_values."order", new_values."our_part", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."removed_at", new_values."unit" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='1f5cfcf4af3a6e52780a6001b9f877f0db1dca7b', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_472d0', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_businesscasekpi', when='AFTER')),
        ),
        AddTrigger(
            model_name='businesscasekpi',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_businesscasekpiaudit" ("case_id", "goal", "id", "name", "now", "order", "our_part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "unit") SELECT old_values."case_id", old_values."goal", old_values."id", old_values."name", old_values."now", old_values."order", old_values."our_part", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."removed_at", old_values."unit" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='874355d0f5c68dd6b304c5101a62009f02451e9a', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_21055', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_businesscasekpi', when='AFTER')),
        ),
        AddTrigger(
            model_name='businesscasekpiaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='cb31c018f05d8d1f2e0fc3ab933a9f778760c216', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_33cc2', table='pipeline_businesscasekpiaudit', when='BEFORE')),
        ),
    ]
