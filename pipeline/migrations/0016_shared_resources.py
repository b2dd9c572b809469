import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from crm.lib.migrations import AddConstraint, AddField, AddIndex, AddTrigger, CreateModel


class Migration(migrations.Migration):

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('pipeline', '0015_guidance_of_setpoints'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModel(
            name='PlannedHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('monday', models.DateField()),
                ('hours', models.DecimalField(decimal_places=2, max_digits=5)),
            ],
        ),
        CreateModel(
            name='ResourceRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('sales_engineer', 'sales_engineer'), ('executive', 'executive'), ('legal', 'legal')], max_length=20, unique=True)),
                ('gate', models.CharField(blank=True, choices=[('warn', 'warn'), ('require', 'require')], default='', max_length=10)),
            ],
        ),
        CreateModel(
            name='ResourceRuleAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('sales_engineer', 'sales_engineer'), ('executive', 'executive'), ('legal', 'legal')], max_length=20)),
                ('gate', models.CharField(blank=True, choices=[('warn', 'warn'), ('require', 'require')], default='', max_length=10)),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateModel(
            name='ResourceWeek',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('monday', models.DateField()),
                ('hours', models.DecimalField(decimal_places=2, max_digits=5)),
            ],
        ),
        CreateModel(
            name='ResourceWeekAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('monday', models.DateField()),
                ('hours', models.DecimalField(decimal_places=2, max_digits=5)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AlterField(
            model_name='opportunityevent',
            name='kind',
            field=models.CharField(choices=[('created', 'created'), ('setpoint', 'setpoint'), ('move_voided', 'move_voided'), ('amount', 'amount'), ('expected_close_on', 'expected_close_on'), ('owner', 'owner'), ('pipeline', 'pipeline'), ('deal_type', 'deal_type'), ('category', 'category'), ('approach', 'approach'), ('closed', 'closed'), ('reopened', 'reopened'), ('archived', 'archived'), ('merged', 'merged'), ('next_step', 'next_step'), ('qualification', 'qualification'), ('selection', 'selection'), ('evidence', 'evidence'), ('stakeholder', 'stakeholder'), ('economics', 'economics'), ('pause', 'pause'), ('approval', 'approval'), ('promise', 'promise'), ('resource', 'resource'), ('question', 'question'), ('delivery', 'delivery')], max_length=20),
        ),
        CreateModel(
            name='Resource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('sales_engineer', 'sales_engineer'), ('executive', 'executive'), ('legal', 'legal')], max_length=20)),
                ('weekly_hours', models.DecimalField(decimal_places=2, max_digits=5)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='resources', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        CreateModel(
            name='ResourceAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('sales_engineer', 'sales_engineer'), ('executive', 'executive'), ('legal', 'legal')], max_length=20)),
                ('weekly_hours', models.DecimalField(decimal_places=2, max_digits=5)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='pipeline.resource')),
                ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateModel(
            name='ResourceRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('sales_engineer', 'sales_engineer'), ('executive', 'executive'), ('legal', 'legal')], max_length=20)),
                ('purpose', models.CharField(max_length=1000)),
                ('hours', models.DecimalField(decimal_places=2, max_digits=6)),
                ('due_on', models.DateField()),
                ('against', models.JSONField(blank=True, default=list)),
                ('reason', models.CharField(blank=True, default='', max_length=1000)),
                ('state', models.CharField(choices=[('open', 'open'), ('accepted', 'accepted'), ('declined', 'declined'), ('done', 'done'), ('withdrawn', 'withdrawn')], default='open', max_length=10)),
                ('asked_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.CharField(blank=True, default='', max_length=1000)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('effort', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='request', to='pipeline.effort')),
                ('opportunity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='resource_requests', to='pipeline.opportunity')),
                ('resource', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='pipeline.resource')),
            ],
        ),
        CreateModel(
            name='PlannedHoursAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('monday', models.DateField()),
                ('hours', models.DecimalField(decimal_places=2, max_digits=5)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='pipeline.plannedhours')),
                ('request', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pipeline.resourcerequest')),
            ],
            options={
                'abstract': False,
            },
        ),
        AddField(
            model_name='plannedhours',
            name='request',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='planned', to='pipeline.resourcerequest'),
        ),
        CreateModel(
            name='ResourceRequestAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('sales_engineer', 'sales_engineer'), ('executive', 'executive'), ('legal', 'legal')], max_length=20)),
                ('purpose', models.CharField(max_length=1000)),
                ('hours', models.DecimalField(decimal_places=2, max_digits=6)),
                ('due_on', models.DateField()),
                ('against', models.JSONField(blank=True, default=list)),
                ('reason', models.CharField(blank=True, default='', max_length=1000)),
                ('state', models.CharField(choices=[('open', 'open'), ('accepted', 'accepted'), ('declined', 'declined'), ('done', 'done'), ('withdrawn', 'withdrawn')], default='open', max_length=10)),
                ('asked_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.CharField(blank=True, default='', max_length=1000)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('answered_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('effort', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pipeline.effort')),
                ('opportunity', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pipeline.opportunity')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='pipeline.resourcerequest')),
                ('resource', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pipeline.resource')),
            ],
            options={
                'abstract': False,
            },
        ),
        AddTrigger(
            model_name='resourcerule',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_resourceruleaudit" ("gate", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."gate", new_values."id", new_values."kind", _pgh_attached_context.value, NOW(), \'insert\', new_values."id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='5c6ce1325ef235f9c913d51847f34e4d614b8582', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_f4ed7', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_resourcerule', when='AFTER')),
        ),
        AddTrigger(
            model_name='resourcerule',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_resourceruleaudit" ("gate", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."gate", new_values."id", new_values."kind", _pgh_attached_context.value, NOW(), \'update\', new_values."id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='7a322dfdaa5a8cbac7386e8a514d9140dd120952', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_7393e', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_resourcerule', when='AFTER')),
        ),
        AddTrigger(
            model_name='resourcerule',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_resourceruleaudit" ("gate", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."gate", old_values."id", old_values."kind", _pgh_attached_context.value, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='9d7b06415ef7401197b9ba28d930351955b126c3', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_c1bdf', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_resourcerule', when='AFTER')),
        ),
        AddField(
            model_name='resourceruleaudit',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        AddField(
            model_name='resourceruleaudit',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='pipeline.resourcerule'),
        ),
        AddField(
            model_name='resourceweek',
            name='resource',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='weeks', to='pipeline.resource'),
        ),
        AddField(
            model_name='resourceweekaudit',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        AddField(
            model_name='resourceweekaudit',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='pipeline.resourceweek'),
        ),
        AddField(
            model_name='resourceweekaudit',
            name='resource',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pipeline.resource'),
        ),
        AddConstraint(
            model_name='resource',
            constraint=models.UniqueConstraint(fields=('user', 'kind'), name='resource_once_a_kind'),
        ),
        AddConstraint(
            model_name='resource',
            constraint=models.CheckConstraint(condition=models.Q(('weekly_hours__range', (0, 168))), name='resource_hours_of_a_week'),
        ),
        AddTrigger(
            model_name='resource',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_resourceaudit" ("id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at", "user_id", "weekly_hours") SELECT new_values."id", new_values."kind", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."retired_at", new_values."user_id", new_values."weekly_hours" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='f78b7d089fd2265650a977147114ced3a13dbe3d', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_c84b7', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_resource', when='AFTER')),
        ),
        AddTrigger(
            model_name='resource',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_resourceaudit" ("id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at", "user_id", "weekly_hours") SELECT new_values."id", new_values."kind", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."retired_at", new_values."user_id", new_values."weekly_hours" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d544dbee16fccd5967df1715982abcd5fdf15f7b', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_cde42', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_resource', when='AFTER')),
        ),
        AddTrigger(
            model_name='resource',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_resourceaudit" ("id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at", "user_id", "weekly_hours") SELECT old_values."id", old_values."kind", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."retired_at", old_values."user_id", old_values."weekly_hours" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='fe7dc5f43e06771526be5948e94fa158c9d5dd56', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_fe2b7', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_resource', when='AFTER')),
        ),
        AddTrigger(
            model_name='resourceaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4b1c655b06e462578f1062620e2d34f027e6deab', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_dda99', table='pipeline_resourceaudit', when='BEFORE')),
        ),
        AddIndex(
            model_name='resourcerequest',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['kind', 'due_on'], name='resource_request_waiting'),
        ),
        AddConstraint(
            model_name='resourcerequest',
            constraint=models.CheckConstraint(condition=models.Q(('hours__gt', 0)), name='resource_request_hours'),
        ),
        AddConstraint(
            model_name='resourcerequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('ended_at', None), ('state', 'open')), models.Q(('answered_at__isnull', False), ('ended_at', None), ('resource__isnull', False), ('state', 'accepted')), models.Q(('answered_at__isnull', False), ('ended_at__isnull', False), ('state', 'declined')), models.Q(('effort__isnull', False), ('ended_at__isnull', False), ('state', 'done')), models.Q(('ended_at__isnull', False), ('state', 'withdrawn')), _connector='OR'), name='resource_request_state_has_moment'),
        ),
        AddTrigger(
            model_name='resourcerequest',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_resourcerequestaudit" ("against", "answer", "answered_at", "answered_by_id", "asked_at", "asked_by_id", "due_on", "effort_id", "ended_at", "hours", "id", "kind", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "reason", "resource_id", "state", "version") SELECT new_values."against", new_values."answer", new_values."answered_at", new_values."answered_by_id", new_values."asked_at", new_values."asked_by_id", new_values."due_on", new_values."effort_id", new_values."ended_at", new_values."hours", new_values."id", new_values."kind", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."purpose", new_values."reason", new_values."resource_id", new_values."state", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d3c4aa06e8898203c13ac9bc3d874a13faea8f6c', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_3f1f5', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_resourcerequest', when='AFTER')),
        ),
        AddTrigger(
            model_name='resourcerequest',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_resourcerequestaudit" ("against", "answer", "answered_at", "answered_by_id", "asked_at", "asked_by_id", "due_on", "effort_id", "ended_at", "hours", "id", "kind", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "reason", "resource_id", "state", "version") SELECT new_values."against", new_values."answer", new_values."answered_at", new_values."answered_by_id", new_values."asked_at", new_values."asked_by_id", new_values."due_on", new_values."effort_id", new_values."ended_at", new_values."hours", new_values."id", new_values."kind", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."purpose", new_values."reason", new_values."resource_id", new_values."state", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='32cf0ab8906b14bfbeab1bed6ca8338152be0b91', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_57a67', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_resourcerequest', when='AFTER')),
        ),
        AddTrigger(
            model_name='resourcerequest',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_resourcerequestaudit" ("against", "answer", "answered_at", "answered_by_id", "asked_at", "asked_by_id", "due_on", "effort_id", "ended_at", "hours", "id", "kind", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "reason", "resource_id", "state", "version") SELECT old_values."against", old_values."answer", old_values."answered_at", old_values."answered_by_id", old_values."asked_at", old_values."asked_by_id", old_values."due_on", old_values."effort_id", old_values."ended_at", old_values."hours", old_values."id", old_values."kind", old_values."opportunity_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."purpose", old_values."reason", old_values."resource_id", old_values."state", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='458bed07b316583d8a66e6a60c9aa79195f31819', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_82629', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_resourcerequest', when='AFTER')),
        ),
        AddTrigger(
            model_name='plannedhoursaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f587e78a7ecd99703c2dadb0e2897f22c7cab6cc', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1df20', table='pipeline_plannedhoursaudit', when='BEFORE')),
        ),
        AddIndex(
            model_name='plannedhours',
            index=models.Index(fields=['monday'], name='planned_hours_of_a_week'),
        ),
        AddConstraint(
            model_name='plannedhours',
            constraint=models.UniqueConstraint(fields=('request', 'monday'), name='planned_hours_once_a_week'),
        ),
        AddConstraint(
            model_name='plannedhours',
            constraint=models.CheckConstraint(condition=models.Q(('hours__gt', 0)), name='planned_hours_positive'),
        ),
        AddTrigger(
            model_name='plannedhours',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_plannedhoursaudit" ("hours", "id", "monday", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "request_id") SELECT new_values."hours", new_values."id", new_values."monday", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."request_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='634a15d770375c43370852587fee621ed9c348cb', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_5969d', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_plannedhours', when='AFTER')),
        ),
        AddTrigger(
            model_name='plannedhours',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_plannedhoursaudit" ("hours", "id", "monday", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "request_id") SELECT new_values."hours", new_values."id", new_values."monday", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."request_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d0868d822de5acb588794d1a6ef39add00fc4d77', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_ef5d1', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_plannedhours', when='AFTER')),
        ),
        AddTrigger(
            model_name='plannedhours',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_plannedhoursaudit" ("hours", "id", "monday", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "request_id") SELECT old_values."hours", old_values."id", old_values."monday", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."request_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='85e6d6485621c042a3caa9849d165503984a5f4d', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_cda81', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_plannedhours', when='AFTER')),
        ),
        AddTrigger(
            model_name='resourcerequestaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2f6b105cd0b230af21a1a9d9861b7344e1f461f8', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d1a75', table='pipeline_resourcerequestaudit', when='BEFORE')),
        ),
        AddTrigger(
            model_name='resourceruleaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d75b98ef519c288e1d041a27735eed8e857963ba', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3af6a', table='pipeline_resourceruleaudit', when='BEFORE')),
        ),
        AddConstraint(
            model_name='resourceweek',
            constraint=models.UniqueConstraint(fields=('resource', 'monday'), name='resource_week_once'),
        ),
        AddConstraint(
            model_name='resourceweek',
            constraint=models.CheckConstraint(condition=models.Q(('hours__range', (0, 168))), name='resource_week_hours'),
        ),
        AddTrigger(
            model_name='resourceweek',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_resourceweekaudit" ("hours", "id", "monday", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "resource_id") SELECT new_values."hours", new_values."id", new_values."monday", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."resource_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='5116b87a818dd986dc47752769a82bc7f89332ca', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_60eab', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_resourceweek', when='AFTER')),
        ),
        AddTrigger(
            model_name='resourceweek',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_resourceweekaudit" ("hours", "id", "monday", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "resource_id") SELECT new_values."hours", new_values."id", new_values."monday", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."resource_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='cf9424834ce265c739146b071c75d69ff1675175', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_9ff26', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_resourceweek', when='AFTER')),
        ),
        AddTrigger(
            model_name='resourceweek',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_resourceweekaudit" ("hours", "id", "monday", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "resource_id") SELECT old_values."hours", old_values."id", old_values."monday", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."resource_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='86c2300ed5a87fa83aec0cf8457aefae6cc6625e', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_e4f9c', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_resourceweek', when='AFTER')),
        ),
        AddTrigger(
            model_name='resourceweekaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5b17c86b84a6fdea11bd1ce80f871eea4fbfb593', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ce76f', table='pipeline_resourceweekaudit', when='BEFORE')),
        ),
    ]
