import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from crm.lib.migrations import AddTrigger, CreateModel


class Migration(migrations.Migration):

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('scoring', '0011_web_forms'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModel(
            name='AgreedDefinition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('term', models.CharField(choices=[('lead', 'lead'), ('threshold', 'threshold'), ('handed_over', 'handed_over'), ('answer_time', 'answer_time'), ('accepted', 'accepted'), ('qualified', 'qualified'), ('sent_back', 'sent_back')], max_length=20)),
                ('number', models.PositiveIntegerField()),
                ('text', models.CharField(max_length=1000)),
                ('proposed_at', models.DateTimeField()),
                ('marketing_at', models.DateTimeField(blank=True, null=True)),
                ('sales_at', models.DateTimeField(blank=True, null=True)),
                ('agreed_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('marketing_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sales_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        CreateModel(
            name='AgreedDefinitionAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('term', models.CharField(choices=[('lead', 'lead'), ('threshold', 'threshold'), ('handed_over', 'handed_over'), ('answer_time', 'answer_time'), ('accepted', 'accepted'), ('qualified', 'qualified'), ('sent_back', 'sent_back')], max_length=20)),
                ('number', models.PositiveIntegerField()),
                ('text', models.CharField(max_length=1000)),
                ('proposed_at', models.DateTimeField()),
                ('marketing_at', models.DateTimeField(blank=True, null=True)),
                ('sales_at', models.DateTimeField(blank=True, null=True)),
                ('agreed_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('marketing_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='scoring.agreeddefinition')),
                ('proposed_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('sales_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateModel(
            name='LeadComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=1000)),
                ('at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        CreateModel(
            name='LeadCommentAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('text', models.CharField(max_length=1000)),
                ('at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='scoring.leadcomment')),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateModel(
            name='LeadGoal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('measure', models.CharField(choices=[('mql-to-sql', 'mql-to-sql'), ('sla', 'sla'), ('lead-velocity', 'lead-velocity')], max_length=20)),
                ('share', models.DecimalField(blank=True, decimal_places=4, max_digits=5, null=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddConstraint(
            model_name='agreeddefinition',
            constraint=models.UniqueConstraint(fields=('term', 'number'), name='agreed_definition_number'),
        ),
        migrations.AddConstraint(
            model_name='agreeddefinition',
            constraint=models.UniqueConstraint(condition=models.Q(('agreed_at', None), ('withdrawn_at', None)), fields=('term',), name='agreed_definition_one_open'),
        ),
        migrations.AddConstraint(
            model_name='agreeddefinition',
            constraint=models.CheckConstraint(condition=models.Q(('agreed_at', None), models.Q(('marketing_at__isnull', False), ('sales_at__isnull', False)), _connector='OR'), name='agreed_definition_by_both'),
        ),
        AddTrigger(
            model_name='agreeddefinition',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_agreeddefinitionaudit" ("agreed_at", "id", "marketing_at", "marketing_by_id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "sales_at", "sales_by_id", "term", "text", "withdrawn_at") SELECT new_values."agreed_at", new_values."id", new_values."marketing_at", new_values."marketing_by_id", new_values."number", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."proposed_at", new_values."proposed_by_id", new_values."sales_at", new_values."sales_by_id", new_values."term", new_values."text", new_values."withdrawn_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='acdfce03ca171dfe61bec16232015c57fbed0d7a', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_5b769', referencing='REFERENCING NEW TABLE AS new_values ', table='scoring_agreeddefinition', when='AFTER')),
        ),
        AddTrigger(
            model_name='agreeddefinition',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_agreeddefinitionaudit" ("agreed_at", "id", "marketing_at", "marketing_by_id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "sales_at", "sales_by_id", "term", "text", "withdrawn_at") SELECT new_values."agreed_at", new_values."id", new_values."marketing_at", new_values."marketing_by_id", new_values."number", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."proposed_at", new_values."proposed_by_id", new_values."sales_at", new_values."sales_by_id", new_values."term", new_values."text", new_values."withdrawn_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='691c8b937786a829fb2b584a00a64d38f042dc2c', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_837ac', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='scoring_agreeddefinition', when='AFTER')),
        ),
        AddTrigger(
            model_name='agreeddefinition',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_agreeddefinitionaudit" ("agreed_at", "id", "marketing_at", "marketing_by_id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "sales_at", "sales_by_id", "term", "text", "withdrawn_at") SELECT old_values."agreed_at", old_values."id", old_values."marketing_at", old_values."marketing_by_id", old_values."number", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."proposed_at", old_values."proposed_by_id", old_values."sales_at", old_values."sales_by_id", old_values."term", old_values."text", old_values."withdrawn_at" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='a98fe60aef0c703f2f37825a5c5175380a5e614e', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_d8594', referencing='REFERENCING OLD TABLE AS old_values ', table='scoring_agreeddefinition', when='AFTER')),
        ),
        AddTrigger(
            model_name='agreeddefinitionaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='68aa41e101f7ffab9060b71062116bf7eda641d8', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_67515', table='scoring_agreeddefinitionaudit', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='leadcomment',
            index=models.Index(condition=models.Q(('removed_at', None)), fields=['-id'], name='lead_comment_feed'),
        ),
        AddTrigger(
            model_name='leadcomment',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_leadcommentaudit" ("at", "by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "text") SELECT new_values."at", new_values."by_id", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."removed_at", new_values."text" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='2f506a2ed9db2d5eb36e84c8edcc4d7af454171d', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_a09c9', referencing='REFERENCING NEW TABLE AS new_values ', table='scoring_leadcomment', when='AFTER')),
        ),
        AddTrigger(
            model_name='leadcomment',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_leadcommentaudit" ("at", "by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "text") SELECT new_values."at", new_values."by_id", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."removed_at", new_values."text" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='fac36a194c882a5d08b9749ed1ee291e74b1765d', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_07ac3', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='scoring_leadcomment', when='AFTER')),
        ),
        AddTrigger(
            model_name='leadcomment',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_leadcommentaudit" ("at", "by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "text") SELECT old_values."at", old_values."by_id", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."removed_at", old_values."text" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='bc42ddd7b590ab9c0ad3d884b6209f0306e9bdc7', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_71697', referencing='REFERENCING OLD TABLE AS old_values ', table='scoring_leadcomment', when='AFTER')),
        ),
        AddTrigger(
            model_name='leadcommentaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='68558a2419d47b9172b13d56b0d8d536351d2cdb', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6cbf5', table='scoring_leadcommentaudit', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='leadgoal',
            index=models.Index(fields=['measure', '-id'], name='lead_goal_latest'),
        ),
        migrations.AddConstraint(
            model_name='leadgoal',
            constraint=models.CheckConstraint(condition=models.Q(('share', None), models.Q(('share__gt', 0), ('share__lte', 1)), _connector='OR'), name='lead_goal_is_a_share'),
        ),
        AddTrigger(
            model_name='leadgoal',
            trigger=pgtrigger.compiler.Trigger(name='never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT COALESCE(FALSE, FALSE))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='274af47ba0de0e120afbb1352b06685ef177200f', operation='UPDATE', pgid='pgtrigger_never_changed_63c0a', table='scoring_leadgoal', when='BEFORE')),
        ),
        AddTrigger(
            model_name='leadgoal',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT COALESCE(FALSE, FALSE))', func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='146ead51de9a7dc50cc77c2d72442e6a4b6a5753', operation='DELETE', pgid='pgtrigger_never_deleted_dec8b', table='scoring_leadgoal', when='BEFORE')),
        ),
    ]
