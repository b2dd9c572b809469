import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from crm.lib.migrations import AddConstraint, AddField, AddIndex, AddTrigger, CreateModel, RemoveTrigger


class Migration(migrations.Migration):

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('pipeline', '0012_sums_read_from_indexes_alone'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModel(
            name='DeliveryQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=1000)),
                ('asked_at', models.DateTimeField()),
                ('answer', models.CharField(blank=True, default='', max_length=2000)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        CreateModel(
            name='DeliveryQuestionAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('text', models.CharField(max_length=1000)),
                ('asked_at', models.DateTimeField()),
                ('answer', models.CharField(blank=True, default='', max_length=2000)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        RemoveTrigger(
            model_name='approval',
            name='insert_insert',
        ),
        RemoveTrigger(
            model_name='approval',
            name='update_update',
        ),
        RemoveTrigger(
            model_name='approval',
            name='delete_delete',
        ),
        RemoveTrigger(
            model_name='promise',
            name='insert_insert',
        ),
        RemoveTrigger(
            model_name='promise',
            name='update_update',
        ),
        RemoveTrigger(
            model_name='promise',
            name='delete_delete',
        ),
        migrations.RemoveConstraint(
            model_name='approval',
            name='approval_decided_has_moment',
        ),
        AddField(
            model_name='approval',
            name='escalated_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        AddField(
            model_name='approval',
            name='escalated_to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='escalations', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='approval',
            name='version',
            field=models.PositiveIntegerField(default=1),
        ),
        AddField(
            model_name='approval',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        AddField(
            model_name='approvalaudit',
            name='escalated_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        AddField(
            model_name='approvalaudit',
            name='escalated_to',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='approvalaudit',
            name='version',
            field=models.PositiveIntegerField(default=1),
        ),
        AddField(
            model_name='approvalaudit',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        AddField(
            model_name='promise',
            name='asked',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True),
        ),
        AddField(
            model_name='promiseaudit',
            name='asked',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True),
        ),
        migrations.AlterField(
            model_name='opportunityevent',
            name='kind',
            field=models.CharField(choices=[('created', 'created'), ('setpoint', 'setpoint'), ('move_voided', 'move_voided'), ('amount', 'amount'), ('expected_close_on', 'expected_close_on'), ('owner', 'owner'), ('pipeline', 'pipeline'), ('deal_type', 'deal_type'), ('category', 'category'), ('approach', 'approach'), ('closed', 'closed'), ('reopened', 'reopened'), ('archived', 'archived'), ('merged', 'merged'), ('next_step', 'next_step'), ('qualification', 'qualification'), ('selection', 'selection'), ('evidence', 'evidence'), ('stakeholder', 'stakeholder'), ('economics', 'economics'), ('pause', 'pause'), ('approval', 'approval'), ('promise', 'promise')], max_length=20),
        ),
        AddIndex(
            model_name='approval',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['due_at'], name='approval_due'),
        ),
        AddTrigger(
            model_name='approval',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_approvalaudit" ("answer", "approver_id", "area", "asked", "asked_at", "asked_by_id", "decided_at", "decided_by_id", "delegated_from_id", "due_at", "escalated_at", "escalated_to_id", "id", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "version", "why", "withdrawn_at") SELECT new_values."answer", new_values."approver_id", new_values."area", new_values."asked", new_values."asked_at", new_values."asked_by_id", new_values."decided_at", new_values."decided_by_id", new_values."delegated_from_id", new_values."due_at", new_values."escalated_at", new_values."escalated_to_id", new_values."id", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."state", new_values."version", new_values."why", new_values."withdrawn_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='91299ade8fec509295ecd2e92c85c200d3bfcde0', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_1ec0e', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_approval', when='AFTER')),
        ),
        AddTrigger(
            model_name='approval',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_approvalaudit" ("answer", "approver_id", "area", "asked", "asked_at", "asked_by_id", "decided_at", "decided_by_id", "delegated_from_id", "due_at", "escalated_at", "escalated_to_id", "id", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "version", "why", "withdrawn_at") SELECT new_values."answer", new_values."approver_id", new_values."area", new_values."asked", new_values."asked_at", new_values."asked_by_id", new_values."decided_at", new_values."decided_by_id", new_values."delegated_from_id", new_values."due_at", new_values."escalated_at", new_values."escalated_to_id", new_values."id", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."state", new_values."version", new_values."why", new_values."withdrawn_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='4056332ca62c1afac835c99a7bcd9656070aa0dd', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_7e196', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_approval', when='AFTER')),
        ),
        AddTrigger(
            model_name='approval',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_approvalaudit" ("answer", "approver_id", "area", "asked", "asked_at", "asked_by_id", "decided_at", "decided_by_id", "delegated_from_id", "due_at", "escalated_at", "escalated_to_id", "id", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "version", "why", "withdrawn_at") SELECT old_values."answer", old_values."approver_id", old_values."area", old_values."asked", old_values."asked_at", old_values."asked_by_id", old_values."decided_at", old_values."decided_by_id", old_values."delegated_from_id", old_values."due_at", old_values."escalated_at", old_values."escalated_to_id", old_values."id", old_values."opportunity_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."state", old_values."version", old_values."why", old_values."withdrawn_at" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='e3cd326ecf19fcf96b783554d43dbbb028f76909', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_9c2f3', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_approval', when='AFTER')),
        ),
        AddTrigger(
            model_name='promise',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_promiseaudit" ("approval_id", "area", "asked", "at", "by_id", "due_on", "ended_on", "id", "opportunity_id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "text") SELECT new_values."approval_id", new_values."area", new_values."asked", new_values."at", new_values."by_id", new_values."due_on", new_values."ended_on", new_values."id", new_values."opportunity_id", new_values."owner_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."state", new_values."text" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='43c124e22df5e3a17a8505bbe40cce847c22afb2', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_94692', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_promise', when='AFTER')),
        ),
        AddTrigger(
            model_name='promise',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_promiseaudit" ("approval_id", "area", "asked", "at", "by_id", "due_on", "ended_on", "id", "opportunity_id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "text") SELECT new_values."approval_id", new_values."area", new_values."asked", new_values."at", new_values."by_id", new_values."due_on", new_values."ended_on", new_values."id", new_values."opportunity_id", new_values."owner_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."state", new_values."text" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='84bbc5168ec9dd7bbd703dc03345beef82f63f45', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_e9aa1', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_promise', when='AFTER')),
        ),
        AddTrigger(
            model_name='promise',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_promiseaudit" ("approval_id", "area", "asked", "at", "by_id", "due_on", "ended_on", "id", "opportunity_id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "text") SELECT old_values."approval_id", old_values."area", old_values."asked", old_values."at", old_values."by_id", old_values."due_on", old_values."ended_on", old_values."id", old_values."opportunity_id", old_values."owner_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."state", old_values."text" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='98c76696d30ab9f17628cfd53fc297eb495553c3', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_222f8', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_promise', when='AFTER')),
        ),
        AddConstraint(
            model_name='approval',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('state', 'open'), ('withdrawn_at', None)), models.Q(('decided_at__isnull', False), ('state__in', ['approved', 'refused']), ('withdrawn_at', None)), models.Q(('state', 'withdrawn'), ('withdrawn_at__isnull', False)), _connector='OR'), name='approval_state_has_moment'),
        ),
        AddField(
            model_name='deliveryquestion',
            name='answered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='deliveryquestion',
            name='asked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='deliveryquestion',
            name='opportunity',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delivery_questions', to='pipeline.opportunity'),
        ),
        AddField(
            model_name='deliveryquestion',
            name='to',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delivery_questions', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='deliveryquestionaudit',
            name='answered_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='deliveryquestionaudit',
            name='asked_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='deliveryquestionaudit',
            name='opportunity',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pipeline.opportunity'),
        ),
        AddField(
            model_name='deliveryquestionaudit',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        AddField(
            model_name='deliveryquestionaudit',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='pipeline.deliveryquestion'),
        ),
        AddField(
            model_name='deliveryquestionaudit',
            name='to',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddIndex(
            model_name='deliveryquestion',
            index=models.Index(condition=models.Q(('answered_at', None)), fields=['to', 'asked_at'], name='delivery_question_waiting'),
        ),
        AddTrigger(
            model_name='deliveryquestion',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_deliveryquestionaudit" ("answer", "answered_at", "answered_by_id", "asked_at", "asked_by_id", "id", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text", "to_id") SELECT new_values."answer", new_values."answered_at", new_values."answered_by_id", new_values."asked_at", new_values."asked_by_id", new_values."id", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."text", new_values."to_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='409f54ea393941e5a15062ab3785431b18f9ea88', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_6dafa', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_deliveryquestion', when='AFTER')),
        ),
        AddTrigger(
            model_name='deliveryquestion',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_deliveryquestionaudit" ("answer", "answered_at", "answered_by_id", "asked_at", "asked_by_id", "id", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text", "to_id") SELECT new_values."answer", new_values."answered_at", new_values."answered_by_id", new_values."asked_at", new_values."asked_by_id", new_values."id", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."text", new_values."to_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='dfd222c9b0887936277b12b3fbfe0fcb5d9a9a6a', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_e3474', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_deliveryquestion', when='AFTER')),
        ),
        AddTrigger(
            model_name='deliveryquestion',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_deliveryquestionaudit" ("answer", "answered_at", "answered_by_id", "asked_at", "asked_by_id", "id", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text", "to_id") SELECT old_values."answer", old_values."answered_at", old_values."answered_by_id", old_values."asked_at", old_values."asked_by_id", old_values."id", old_values."opportunity_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."text", old_values."to_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='4ec8140a68661e088ae0635f78601b34a06e5781', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_5f2be', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_deliveryquestion', when='AFTER')),
        ),
        AddTrigger(
            model_name='deliveryquestionaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='fb1f5f48ced952098d9a17d18727d09b68f82eee', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ed6bc', table='pipeline_deliveryquestionaudit', when='BEFORE')),
        ),
    ]
