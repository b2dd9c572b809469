import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from crm.lib.migrations import AddConstraint, AddIndex, AddTrigger, CreateModel


class Migration(migrations.Migration):

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('pipeline', '0007_economics'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area', models.CharField(choices=[('discount', 'discount'), ('custom_work', 'custom_work'), ('delivery_date', 'delivery_date'), ('roadmap', 'roadmap'), ('payment_terms', 'payment_terms')], max_length=20)),
                ('asked', models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True)),
                ('why', models.CharField(max_length=1000)),
                ('state', models.CharField(choices=[('open', 'open'), ('approved', 'approved'), ('refused', 'refused'), ('withdrawn', 'withdrawn')], default='open', max_length=10)),
                ('due_at', models.DateTimeField()),
                ('asked_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.CharField(blank=True, default='', max_length=1000)),
                ('approver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to=settings.AUTH_USER_MODEL)),
                ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('delegated_from', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opportunity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='pipeline.opportunity')),
            ],
        ),
        CreateModel(
            name='ApprovalAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('area', models.CharField(choices=[('discount', 'discount'), ('custom_work', 'custom_work'), ('delivery_date', 'delivery_date'), ('roadmap', 'roadmap'), ('payment_terms', 'payment_terms')], max_length=20)),
                ('asked', models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True)),
                ('why', models.CharField(max_length=1000)),
                ('state', models.CharField(choices=[('open', 'open'), ('approved', 'approved'), ('refused', 'refused'), ('withdrawn', 'withdrawn')], default='open', max_length=10)),
                ('due_at', models.DateTimeField()),
                ('asked_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.CharField(blank=True, default='', max_length=1000)),
                ('approver', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('delegated_from', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('opportunity', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pipeline.opportunity')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='pipeline.approval')),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateModel(
            name='Handover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField()),
                ('summary', models.CharField(blank=True, default='', max_length=2000)),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
                ('checked_on', models.DateField(blank=True, null=True)),
                ('as_sold', models.BooleanField(blank=True, null=True)),
                ('gap', models.CharField(blank=True, default='', max_length=1000)),
                ('opportunity', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='handover', to='pipeline.opportunity')),
                ('to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        CreateModel(
            name='HandoverAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('made_at', models.DateTimeField()),
                ('summary', models.CharField(blank=True, default='', max_length=2000)),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
                ('checked_on', models.DateField(blank=True, null=True)),
                ('as_sold', models.BooleanField(blank=True, null=True)),
                ('gap', models.CharField(blank=True, default='', max_length=1000)),
                ('opportunity', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pipeline.opportunity')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='pipeline.handover')),
                ('to', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateModel(
            name='Promise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area', models.CharField(blank=True, choices=[('discount', 'discount'), ('custom_work', 'custom_work'), ('delivery_date', 'delivery_date'), ('roadmap', 'roadmap'), ('payment_terms', 'payment_terms')], default='', max_length=20)),
                ('text', models.CharField(max_length=500)),
                ('due_on', models.DateField(blank=True, null=True)),
                ('state', models.CharField(choices=[('open', 'open'), ('kept', 'kept'), ('broken', 'broken'), ('dropped', 'dropped')], default='open', max_length=10)),
                ('ended_on', models.DateField(blank=True, null=True)),
                ('at', models.DateTimeField()),
                ('approval', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='promises', to='pipeline.approval')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opportunity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='promises', to='pipeline.opportunity')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='promises', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        CreateModel(
            name='PromiseAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('area', models.CharField(blank=True, choices=[('discount', 'discount'), ('custom_work', 'custom_work'), ('delivery_date', 'delivery_date'), ('roadmap', 'roadmap'), ('payment_terms', 'payment_terms')], default='', max_length=20)),
                ('text', models.CharField(max_length=500)),
                ('due_on', models.DateField(blank=True, null=True)),
                ('state', models.CharField(choices=[('open', 'open'), ('kept', 'kept'), ('broken', 'broken'), ('dropped', 'dropped')], default='open', max_length=10)),
                ('ended_on', models.DateField(blank=True, null=True)),
                ('at', models.DateTimeField()),
                ('approval', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pipeline.approval')),
                ('by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('opportunity', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pipeline.opportunity')),
                ('owner', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='pipeline.promise')),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateModel(
            name='PromisePolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area', models.CharField(choices=[('discount', 'discount'), ('custom_work', 'custom_work'), ('delivery_date', 'delivery_date'), ('roadmap', 'roadmap'), ('payment_terms', 'payment_terms')], max_length=20)),
                ('valid_from', models.DateField()),
                ('standard', models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True)),
                ('free_to', models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True)),
                ('approval_to', models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True)),
                ('role', models.CharField(choices=[('rep', 'rep'), ('manager', 'manager'), ('marketing', 'marketing'), ('admin', 'admin'), ('contributor', 'contributor'), ('operations', 'operations'), ('product', 'product'), ('delivery', 'delivery'), ('finance', 'finance')], max_length=20)),
                ('answer_hours', models.PositiveSmallIntegerField(default=16)),
                ('hint', models.CharField(blank=True, default='', max_length=300)),
                ('approver', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        CreateModel(
            name='PromisePolicyAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('area', models.CharField(choices=[('discount', 'discount'), ('custom_work', 'custom_work'), ('delivery_date', 'delivery_date'), ('roadmap', 'roadmap'), ('payment_terms', 'payment_terms')], max_length=20)),
                ('valid_from', models.DateField()),
                ('standard', models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True)),
                ('free_to', models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True)),
                ('approval_to', models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True)),
                ('role', models.CharField(choices=[('rep', 'rep'), ('manager', 'manager'), ('marketing', 'marketing'), ('admin', 'admin'), ('contributor', 'contributor'), ('operations', 'operations'), ('product', 'product'), ('delivery', 'delivery'), ('finance', 'finance')], max_length=20)),
                ('answer_hours', models.PositiveSmallIntegerField(default=16)),
                ('hint', models.CharField(blank=True, default='', max_length=300)),
                ('approver', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='pipeline.promisepolicy')),
            ],
            options={
                'abstract': False,
            },
        ),
        AddIndex(
            model_name='approval',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['approver', 'due_at'], name='approval_waiting'),
        ),
        AddConstraint(
            model_name='approval',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('opportunity', 'area'), name='approval_one_open_an_area'),
        ),
        AddConstraint(
            model_name='approval',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='approval_decided_has_moment'),
        ),
        AddTrigger(
            model_name='approval',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_approvalaudit" ("answer", "approver_id", "area", "asked", "asked_at", "asked_by_id", "decided_at", "decided_by_id", "delegated_from_id", "due_at", "id", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "why") SELECT new_values."answer", new_values."approver_id", new_values."area", new_values."asked", new_values."asked_at", new_values."asked_by_id", new_values."decided_at", new_values."decided_by_id", new_values."delegated_from_id", new_values."due_at", new_values."id", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."state", new_values."why" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='24f5227855b95de0c38ae5a9ed5f508e2ffbf011', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_1ec0e', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_approval', when='AFTER')),
        ),
        AddTrigger(
            model_name='approval',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_approvalaudit" ("answer", "approver_id", "area", "asked", "asked_at", "asked_by_id", "decided_at", "decided_by_id", "delegated_from_id", "due_at", "id", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "why") SELECT new_values."answer", new_values."approver_id", new_values."area", new_values."asked", new_values."asked_at", new_values."asked_by_id", new_values."decided_at", new_values."decided_by_id", new_values."delegated_from_id", new_values."due_at", new_values."id", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."state", new_values."why" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='b69238de18aa131f54024d0dee63e502c3dcdf7c', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_7e196', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_approval', when='AFTER')),
        ),
        AddTrigger(
            model_name='approval',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_approvalaudit" ("answer", "approver_id", "area", "asked", "asked_at", "asked_by_id", "decided_at", "decided_by_id", "delegated_from_id", "due_at", "id", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "why") SELECT old_values."answer", old_values."approver_id", old_values."area", old_values."asked", old_values."asked_at", old_values."asked_by_id", old_values."decided_at", old_values."decided_by_id", old_values."delegated_from_id", old_values."due_at", old_values."id", old_values."opportunity_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."state", old_values."why" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='8fa71c81de39985038935288df81cfc260101c27', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_9c2f3', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_approval', when='AFTER')),
        ),
        AddTrigger(
            model_name='approvalaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c65d7d0fcd7a196cb74541b8158a128235d699de', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1b822', table='pipeline_approvalaudit', when='BEFORE')),
        ),
        AddTrigger(
            model_name='handover',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_handoveraudit" ("accepted_at", "as_sold", "checked_on", "gap", "id", "made_at", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "summary", "to_id") SELECT new_values."accepted_at", new_values."as_sold", new_values."checked_on", new_values."gap", new_values."id", new_values."made_at", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."summary", new_values."to_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='dfed8bad35e4949bc5a0f55910125af55adc3232', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_0a343', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_handover', when='AFTER')),
        ),
        AddTrigger(
            model_name='handover',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_handoveraudit" ("accepted_at", "as_sold", "checked_on", "gap", "id", "made_at", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "summary", "to_id") SELECT new_values."accepted_at", new_values."as_sold", new_values."checked_on", new_values."gap", new_values."id", new_values."made_at", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."summary", new_values."to_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='3429eff1e7f9a1be1a1dea19e0eeaf47f2958933', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_4c9ec', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_handover', when='AFTER')),
        ),
        AddTrigger(
            model_name='handover',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_handoveraudit" ("accepted_at", "as_sold", "checked_on", "gap", "id", "made_at", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "summary", "to_id") SELECT old_values."accepted_at", old_values."as_sold", old_values."checked_on", old_values."gap", old_values."id", old_values."made_at", old_values."opportunity_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."summary", old_values."to_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='abb79a0cf2ee204dc5f80a8d6247b02e7ce0656f', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_4a36f', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_handover', when='AFTER')),
        ),
        AddTrigger(
            model_name='handoveraudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9defa6e9b609dae346e8b2450de0fe1eae55f61d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_39c58', table='pipeline_handoveraudit', when='BEFORE')),
        ),
        AddTrigger(
            model_name='promise',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_promiseaudit" ("approval_id", "area", "at", "by_id", "due_on", "ended_on", "id", "opportunity_id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "text") SELECT new_values."approval_id", new_values."area", new_values."at", new_values."by_id", new_values."due_on", new_values."ended_on", new_values."id", new_values."opportunity_id", new_values."owner_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."state", new_values."text" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='6a67a96c19809ef744d5d9deec6f4a5fb9fe2af3', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_94692', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_promise', when='AFTER')),
        ),
        AddTrigger(
            model_name='promise',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_promiseaudit" ("approval_id", "area", "at", "by_id", "due_on", "ended_on", "id", "opportunity_id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "text") SELECT new_values."approval_id", new_values."area", new_values."at", new_values."by_id", new_values."due_on", new_values."ended_on", new_values."id", new_values."opportunity_id", new_values."owner_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."state", new_values."text" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='948901533b077e1d2e72d4c6b76bcc0b2cb9b554', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_e9aa1', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_promise', when='AFTER')),
        ),
        AddTrigger(
            model_name='promise',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_promiseaudit" ("approval_id", "area", "at", "by_id", "due_on", "ended_on", "id", "opportunity_id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "text") SELECT old_values."approval_id", old_values."area", old_values."at", old_values."by_id", old_values."due_on", old_values."ended_on", old_values."id", old_values."opportunity_id", old_values."owner_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."state", old_values."text" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='216932e17b1d21f436d1122ae90d4672cd4561cc', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_222f8', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_promise', when='AFTER')),
        ),
        AddTrigger(
            model_name='promiseaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='310ac2599ae0981a21f429369f25a06bdab263b6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ee20a', table='pipeline_promiseaudit', when='BEFORE')),
        ),
        AddConstraint(
            model_name='promisepolicy',
            constraint=models.UniqueConstraint(fields=('area', 'valid_from'), name='promise_policy_once_a_day'),
        ),
        AddTrigger(
            model_name='promisepolicy',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_promisepolicyaudit" ("answer_hours", "approval_to", "approver_id", "area", "free_to", "hint", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "standard", "valid_from") SELECT new_values."answer_hours", new_values."approval_to", new_values."approver_id", new_values."area", new_values."free_to", new_values."hint", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."role", new_values."standard", new_values."valid_from" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='f9b0a0c14241ec655172a28981417b84f60b83a5', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_1e80d', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_promisepolicy', when='AFTER')),
        ),
        AddTrigger(
            model_name='promisepolicy',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_promisepolicyaudit" ("answer_hours", "approval_to", "approver_id", "area", "free_to", "hint", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "standard", "valid_from") SELECT new_values."answer_hours", new_values."approval_to", new_values."approver_id", new_values."area", new_values."free_to", new_values."hint", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."role", new_values."standard", new_values."valid_from" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='70d89ff8901a596791b24db1b0f6b842f5ef0062', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_dd0bc', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_promisepolicy', when='AFTER')),
        ),
        AddTrigger(
            model_name='promisepolicy',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_promisepolicyaudit" ("answer_hours", "approval_to", "approver_id", "area", "free_to", "hint", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "standard", "valid_from") SELECT old_values."answer_hours", old_values."approval_to", old_values."approver_id", old_values."area", old_values."free_to", old_values."hint", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."role", old_values."standard", old_values."valid_from" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='1ac5ccc94c08a36de57c4863ea2db87522bcff49', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_ada5f', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_promisepolicy', when='AFTER')),
        ),
        AddTrigger(
            model_name='promisepolicyaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='82ae45d763ff01aa664b1717ec0ee36c1b634b11', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_20125', table='pipeline_promisepolicyaudit', when='BEFORE')),
        ),
    ]
