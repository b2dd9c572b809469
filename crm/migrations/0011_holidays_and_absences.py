import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from crm.lib.migrations import AddConstraint, AddField, AddIndex, AddTrigger, CreateModel, RemoveTrigger


class Migration(migrations.Migration):
    """Days nobody works in a country, and who is away."""

    dependencies = [
        ('crm', '0010_erasures'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        CreateModel(
            name='Absence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_on', models.DateField()),
                ('to_on', models.DateField()),
                ('note', models.CharField(blank=True, default='', max_length=200)),
            ],
        ),
        CreateModel(
            name='AbsenceAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('from_on', models.DateField()),
                ('to_on', models.DateField()),
                ('note', models.CharField(blank=True, default='', max_length=200)),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateModel(
            name='Holiday',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('country', models.CharField(blank=True, default='', max_length=2)),
                ('on', models.DateField()),
                ('name', models.CharField(max_length=100)),
            ],
        ),
        CreateModel(
            name='HolidayAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('country', models.CharField(blank=True, default='', max_length=2)),
                ('on', models.DateField()),
                ('name', models.CharField(max_length=100)),
            ],
            options={
                'abstract': False,
            },
        ),
        RemoveTrigger(
            model_name='user',
            name='insert_insert',
        ),
        RemoveTrigger(
            model_name='user',
            name='update_update',
        ),
        RemoveTrigger(
            model_name='user',
            name='delete_delete',
        ),
        AddField(
            model_name='user',
            name='country',
            field=models.CharField(blank=True, default='', max_length=2),
        ),
        AddField(
            model_name='useraudit',
            name='country',
            field=models.CharField(blank=True, default='', max_length=2),
        ),
        AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_useraudit" ("country", "created_at", "deactivated_at", "email", "external_id", "id", "is_active", "locale", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "theme", "time_zone", "uses_shortcuts", "version") SELECT new_values."country", new_values."created_at", new_values."deactivated_at", new_values."email", new_values."external_id", new_values."id", new_values."is_active", new_values."locale", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."theme", new_values."time_zone", new_values."uses_shortcuts", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='a65707dbab24ee9e9c2eeb2d0202baca35adc68e', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_98f47', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_user', when='AFTER')),
        ),
        AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_useraudit" ("country", "created_at", "deactivated_at", "email", "external_id", "id", "is_active", "locale", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "theme", "time_zone", "uses_shortcuts", "version") SELECT new_values."country", new_values."created_at", new_values."deactivated_at", new_values."email", new_values."external_id", new_values."id", new_values."is_active", new_values."locale", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."theme", new_values."time_zone", new_values."uses_shortcuts", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."country" IS DISTINCT FROM (new_values."country") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."deactivated_at" IS DISTINCT FROM (new_values."deactivated_at") OR old_values."email" IS DISTINCT FROM (new_values."email") OR old_values."external_id" IS DISTINCT FROM (new_values."external_id") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."is_active" IS DISTINCT FROM (new_values."is_active") OR old_values."locale" IS DISTINCT FROM (new_values."locale") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."theme" IS DISTINCT FROM (new_values."theme") OR old_values."time_zone" IS DISTINCT FROM (new_values."time_zone") OR old_values."uses_shortcuts" IS DISTINCT FROM (new_values."uses_shortcuts") OR old_values."version" IS DISTINCT FROM (new_values."version")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='4172479f065743a29a31abce12ab6ec562ae2e49', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_3aa0c', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_user', when='AFTER')),
        ),
        AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_useraudit" ("country", "created_at", "deactivated_at", "email", "external_id", "id", "is_active", "locale", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "theme", "time_zone", "uses_shortcuts", "version") SELECT old_values."country", old_values."created_at", old_values."deactivated_at", old_values."email", old_values."external_id", old_values."id", old_values."is_active", old_values."locale", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."theme", old_values."time_zone", old_values."uses_shortcuts", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='805c226c11551d0cb5f1ebc3a74e9401d21430c7', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_e2835', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_user', when='AFTER')),
        ),
        AddField(
            model_name='absence',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='absences', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='absenceaudit',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        AddField(
            model_name='absenceaudit',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='crm.absence'),
        ),
        AddField(
            model_name='absenceaudit',
            name='user',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddConstraint(
            model_name='holiday',
            constraint=models.UniqueConstraint(fields=('country', 'on'), name='holiday_once'),
        ),
        AddTrigger(
            model_name='holiday',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_holidayaudit" ("country", "id", "name", "on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."country", new_values."id", new_values."name", new_values."on", _pgh_attached_context.value, NOW(), \'insert\', new_values."id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='b6ad4833606d672f07d0dbe0edec0eb40cd442c0', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_bd854', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_holiday', when='AFTER')),
        ),
        AddTrigger(
            model_name='holiday',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_holidayaudit" ("country", "id", "name", "on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."country", new_values."id", new_values."name", new_values."on", _pgh_attached_context.value, NOW(), \'update\', new_values."id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='424d9d5abf0f4d9d29d0699ddea12dda053b20b9', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_c646b', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_holiday', when='AFTER')),
        ),
        AddTrigger(
            model_name='holiday',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_holidayaudit" ("country", "id", "name", "on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."country", old_values."id", old_values."name", old_values."on", _pgh_attached_context.value, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='0346cd91b1fe2ba26d1e1a782b4d2522463758b8', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_fbe96', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_holiday', when='AFTER')),
        ),
        AddField(
            model_name='holidayaudit',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        AddField(
            model_name='holidayaudit',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='crm.holiday'),
        ),
        AddIndex(
            model_name='absence',
            index=models.Index(fields=['to_on', 'from_on'], name='absence_by_day'),
        ),
        AddConstraint(
            model_name='absence',
            constraint=models.CheckConstraint(condition=models.Q(('to_on__gte', models.F('from_on'))), name='absence_order'),
        ),
        AddTrigger(
            model_name='absence',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_absenceaudit" ("from_on", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "to_on", "user_id") SELECT new_values."from_on", new_values."id", new_values."note", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."to_on", new_values."user_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='b38394ce6479d0b69cfbf05bcc0666512d2d7bd5', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_a8fde', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_absence', when='AFTER')),
        ),
        AddTrigger(
            model_name='absence',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_absenceaudit" ("from_on", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "to_on", "user_id") SELECT new_values."from_on", new_values."id", new_values."note", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."to_on", new_values."user_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d4d5fc137b9eb328191992a9e944497fd2a86bc9', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_82220', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_absence', when='AFTER')),
        ),
        AddTrigger(
            model_name='absence',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_absenceaudit" ("from_on", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "to_on", "user_id") SELECT old_values."from_on", old_values."id", old_values."note", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."to_on", old_values."user_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='9ffdc922fa3cd0aead939c2f23af20ea53ce4097', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_d6367', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_absence', when='AFTER')),
        ),
        AddTrigger(
            model_name='absenceaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1c0bc8159e46bf1ca1be816afde57a06394a6c35', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b771d', table='crm_absenceaudit', when='BEFORE')),
        ),
        AddTrigger(
            model_name='holidayaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d4aa270c9171ba775b24e6a93c455238c5f6935e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e1146', table='crm_holidayaudit', when='BEFORE')),
        ),
    ]
