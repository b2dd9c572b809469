import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from crm.lib.migrations import AddConstraint, AddTrigger, CreateModel


class Migration(migrations.Migration):
    """What customers said of themselves when we met, and what to say to whom."""

    dependencies = [
        ('crm', '0008_personas_and_insight'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('pipeline', '0018_first_templates'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModel(
            name='MeetingRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('external_id', models.CharField(blank=True, max_length=200, null=True, unique=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('present_state', models.CharField(blank=True, default='', max_length=4000)),
                ('challenges', models.CharField(blank=True, default='', max_length=4000)),
                ('goals', models.CharField(blank=True, default='', max_length=4000)),
                ('activity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meeting_records', to='crm.activity')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opportunity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meeting_records', to='pipeline.opportunity')),
            ],
        ),
        CreateModel(
            name='MeetingRecordAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('external_id', models.CharField(blank=True, max_length=200, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('present_state', models.CharField(blank=True, default='', max_length=4000)),
                ('challenges', models.CharField(blank=True, default='', max_length=4000)),
                ('goals', models.CharField(blank=True, default='', max_length=4000)),
                ('activity', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.activity')),
                ('by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('opportunity', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pipeline.opportunity')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='pipeline.meetingrecord')),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateModel(
            name='MessageGuide',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('external_id', models.CharField(blank=True, max_length=200, null=True, unique=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('seniority', models.CharField(blank=True, choices=[('owner', 'owner'), ('c_level', 'c_level'), ('vp', 'vp'), ('director', 'director'), ('manager', 'manager'), ('individual', 'individual'), ('unknown', 'unknown')], default='', max_length=20)),
                ('concern', models.CharField(blank=True, default='', max_length=2000)),
                ('message', models.CharField(blank=True, default='', max_length=2000)),
                ('business_terms', models.CharField(blank=True, default='', max_length=2000)),
                ('questions', models.CharField(blank=True, default='', max_length=2000)),
                ('proof', models.CharField(blank=True, default='', max_length=2000)),
                ('avoid', models.CharField(blank=True, default='', max_length=2000)),
                ('competitor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='guides', to='pipeline.competitor')),
                ('persona', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='guides', to='crm.persona')),
            ],
        ),
        CreateModel(
            name='MessageGuideAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('external_id', models.CharField(blank=True, max_length=200, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('seniority', models.CharField(blank=True, choices=[('owner', 'owner'), ('c_level', 'c_level'), ('vp', 'vp'), ('director', 'director'), ('manager', 'manager'), ('individual', 'individual'), ('unknown', 'unknown')], default='', max_length=20)),
                ('concern', models.CharField(blank=True, default='', max_length=2000)),
                ('message', models.CharField(blank=True, default='', max_length=2000)),
                ('business_terms', models.CharField(blank=True, default='', max_length=2000)),
                ('questions', models.CharField(blank=True, default='', max_length=2000)),
                ('proof', models.CharField(blank=True, default='', max_length=2000)),
                ('avoid', models.CharField(blank=True, default='', max_length=2000)),
                ('competitor', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pipeline.competitor')),
                ('persona', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.persona')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='pipeline.messageguide')),
            ],
            options={
                'abstract': False,
            },
        ),
        AddConstraint(
            model_name='meetingrecord',
            constraint=models.UniqueConstraint(fields=('opportunity', 'activity'), name='meeting_record_once'),
        ),
        AddTrigger(
            model_name='meetingrecord',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_meetingrecordaudit" ("activity_id", "archived_at", "by_id", "challenges", "created_at", "external_id", "goals", "id", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "present_state", "recorded_at", "version") SELECT new_values."activity_id", new_values."archived_at", new_values."by_id", new_values."challenges", new_values."created_at", new_values."external_id", new_values."goals", new_values."id", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."present_state", new_values."recorded_at", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='4e52eb475abc4ade6db1ed29cc66acd9babe8a77', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_09f4f', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_meetingrecord', when='AFTER')),
        ),
        AddTrigger(
            model_name='meetingrecord',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_meetingrecordaudit" ("activity_id", "archived_at", "by_id", "challenges", "created_at", "external_id", "goals", "id", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "present_state", "recorded_at", "version") SELECT new_values."activity_id", new_values."archived_at", new_values."by_id", new_values."challenges", new_values."created_at", new_values."external_id", new_values."goals", new_values."id", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."present_state", new_values."recorded_at", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='2bc4fa102bf7ddc42320cfb07cd373871f376e5a', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_5d47e', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_meetingrecord', when='AFTER')),
        ),
        AddTrigger(
            model_name='meetingrecord',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_meetingrecordaudit" ("activity_id", "archived_at", "by_id", "challenges", "created_at", "external_id", "goals", "id", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "present_state", "recorded_at", "version") SELECT old_values."activity_id", old_values."archived_at", old_values."by_id", old_values."challenges", old_values."created_at", old_values."external_id", old_values."goals", old_values."id", old_values."opportunity_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."present_state", old_values."recorded_at", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='6ed24a1c667ff05d6045653eafb6d6ee617fdba6', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_0690b', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_meetingrecord', when='AFTER')),
        ),
        AddTrigger(
            model_name='meetingrecordaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='782683b734a9087d42f08e859741b4bff27dd7b2', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b0420', table='pipeline_meetingrecordaudit', when='BEFORE')),
        ),
        AddConstraint(
            model_name='messageguide',
            constraint=models.UniqueConstraint(condition=models.Q(('archived_at', None)), fields=('seniority', 'persona', 'competitor'), name='guide_once', nulls_distinct=False),
        ),
        AddConstraint(
            model_name='messageguide',
            constraint=models.CheckConstraint(condition=models.Q(('competitor', None), ('persona', None), ('seniority', ''), _negated=True), name='guide_is_for_somebody'),
        ),
        AddTrigger(
            model_name='messageguide',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_messageguideaudit" ("archived_at", "avoid", "business_terms", "competitor_id", "concern", "created_at", "external_id", "id", "message", "persona_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proof", "questions", "recorded_at", "seniority", "version") SELECT new_values."archived_at", new_values."avoid", new_values."business_terms", new_values."competitor_id", new_values."concern", new_values."created_at", new_values."external_id", new_values."id", new_values."message", new_values."persona_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."proof", new_values."questions", new_values."recorded_at", new_values."seniority", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='93fd1f86720c735ad0888b08c4aee48a34d83b22', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_d4efc', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_messageguide', when='AFTER')),
        ),
        AddTrigger(
            model_name='messageguide',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_messageguideaudit" ("archived_at", "avoid", "business_terms", "competitor_id", "concern", "created_at", "external_id", "id", "message", "persona_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proof", "questions", "recorded_at", "seniority", "version") SELECT new_values."archived_at", new_values."avoid", new_values."business_terms", new_values."competitor_id", new_values."concern", new_values."created_at", new_values."external_id", new_values."id", new_values."message", new_values."persona_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."proof", new_values."questions", new_values."recorded_at", new_values."seniority", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='7bcfc714acfa45feadb9f4bd1476d928ad1ec5ea', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_705b2', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_messageguide', when='AFTER')),
        ),
        AddTrigger(
            model_name='messageguide',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_messageguideaudit" ("archived_at", "avoid", "business_terms", "competitor_id", "concern", "created_at", "external_id", "id", "message", "persona_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proof", "questions", "recorded_at", "seniority", "version") SELECT old_values."archived_at", old_values."avoid", old_values."business_terms", old_values."competitor_id", old_values."concern", old_values."created_at", old_values."external_id", old_values."id", old_values."message", old_values."persona_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."proof", old_values."questions", old_values."recorded_at", old_values."seniority", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='05edaed025ec73e073598de1439b9efdb61d88f2', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_d1439', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_messageguide', when='AFTER')),
        ),
        AddTrigger(
            model_name='messageguideaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='595e63b5d8feae43cb8ad2ad67d6e283bc0e10a8', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_7157c', table='pipeline_messageguideaudit', when='BEFORE')),
        ),
    ]
