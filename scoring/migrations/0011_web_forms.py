import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from crm.lib.migrations import AddField, AddTrigger, CreateModel


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0011_holidays_and_absences'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('scoring', '0010_what_if'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModel(
            name='Website',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('external_id', models.CharField(blank=True, max_length=200, null=True, unique=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('name', models.CharField(max_length=200)),
                ('key', models.CharField(max_length=32, unique=True)),
                ('origins', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), size=None)),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateModel(
            name='WebsiteAudit',
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
                ('name', models.CharField(max_length=200)),
                ('key', models.CharField(max_length=32)),
                ('origins', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), size=None)),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateModel(
            name='WebForm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('external_id', models.CharField(blank=True, max_length=200, null=True, unique=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('code', models.SlugField(max_length=100, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('asked', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('email', 'email'), ('first_name', 'first_name'), ('last_name', 'last_name'), ('company', 'company'), ('job_title', 'job_title'), ('phone', 'phone'), ('country', 'country'), ('message', 'message'), ('consent', 'consent')], max_length=20), size=None)),
                ('required', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, size=None)),
                ('intro', models.CharField(blank=True, default='', max_length=1000)),
                ('consent_text', models.CharField(blank=True, default='', max_length=1000)),
                ('thanks', models.CharField(max_length=1000)),
                ('mail_subject', models.CharField(blank=True, default='', max_length=200)),
                ('mail_text', models.TextField(blank=True, default='', max_length=5000)),
                ('double_opt_in', models.BooleanField(default=True)),
                ('origins', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), blank=True, default=list, size=None)),
                ('campaign', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='forms', to='crm.campaign')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='forms', to=settings.AUTH_USER_MODEL)),
                ('source', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='forms', to='crm.source')),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateModel(
            name='FormSubmission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64, unique=True)),
                ('email', models.EmailField(max_length=254)),
                ('values', models.JSONField(default=dict)),
                ('visitor', models.CharField(blank=True, default='', max_length=200)),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('done', 'done'), ('spam', 'spam')], max_length=10)),
                ('submitted_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('thanked_at', models.DateTimeField(blank=True, null=True)),
                ('lead', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='scoring.lead')),
                ('form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='scoring.webform')),
            ],
        ),
        CreateModel(
            name='WebFormAudit',
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
                ('code', models.SlugField(db_index=False, max_length=100)),
                ('name', models.CharField(max_length=200)),
                ('asked', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('email', 'email'), ('first_name', 'first_name'), ('last_name', 'last_name'), ('company', 'company'), ('job_title', 'job_title'), ('phone', 'phone'), ('country', 'country'), ('message', 'message'), ('consent', 'consent')], max_length=20), size=None)),
                ('required', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, size=None)),
                ('intro', models.CharField(blank=True, default='', max_length=1000)),
                ('consent_text', models.CharField(blank=True, default='', max_length=1000)),
                ('thanks', models.CharField(max_length=1000)),
                ('mail_subject', models.CharField(blank=True, default='', max_length=200)),
                ('mail_text', models.TextField(blank=True, default='', max_length=5000)),
                ('double_opt_in', models.BooleanField(default=True)),
                ('origins', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), blank=True, default=list, size=None)),
                ('campaign', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.campaign')),
                ('owner', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='scoring.webform')),
                ('source', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.source')),
            ],
            options={
                'abstract': False,
            },
        ),
        AddTrigger(
            model_name='website',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_websiteaudit" ("archived_at", "created_at", "external_id", "id", "key", "name", "origins", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "version") SELECT new_values."archived_at", new_values."created_at", new_values."external_id", new_values."id", new_values."key", new_values."name", new_values."origins", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."recorded_at", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='415af4aa904ee1492b8524069e7cf7e98ad2db7b', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_b2e35', referencing='REFERENCING NEW TABLE AS new_values ', table='scoring_website', when='AFTER')),
        ),
        AddTrigger(
            model_name='website',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_websiteaudit" ("archived_at", "created_at", "external_id", "id", "key", "name", "origins", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "version") SELECT new_values."archived_at", new_values."created_at", new_values."external_id", new_values."id", new_values."key", new_values."name", new_values."origins", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."recorded_at", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='c7f0dc5f2392cf3d2e8a2b7f0a665a48ecd04fb6', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_6004b', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='scoring_website', when='AFTER')),
        ),
        AddTrigger(
            model_name='website',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_websiteaudit" ("archived_at", "created_at", "external_id", "id", "key", "name", "origins", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "version") SELECT old_values."archived_at", old_values."created_at", old_values."external_id", old_values."id", old_values."key", old_values."name", old_values."origins", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."recorded_at", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='15f77c36ca69a4ee2b5156be21d342407e3b9586', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_f6541', referencing='REFERENCING OLD TABLE AS old_values ', table='scoring_website', when='AFTER')),
        ),
        AddField(
            model_name='websiteaudit',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        AddField(
            model_name='websiteaudit',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='scoring.website'),
        ),
        AddTrigger(
            model_name='webform',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_webformaudit" ("archived_at", "asked", "campaign_id", "code", "consent_text", "created_at", "double_opt_in", "external_id", "id", "intro", "mail_subject", "mail_text", "name", "origins", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "required", "source_id", "thanks", "version") SELECT new_values."archived_at", new_values."asked", new_values."campaign_id", new_values."code", new_values."consent_text", new_values."created_at", new_values."double_opt_in", new_values."external_id", new_values."id", new_values."intro", new_values."mail_subject", new_values."mail_text", new_values."name", new_values."origins", new_values."owner_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."recorded_at", new_values."required", new_values."source_id", new_values."thanks", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='267d728651042357ad7181f4160c560fe31aa24f', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_51778', referencing='REFERENCING NEW TABLE AS new_values ', table='scoring_webform', when='AFTER')),
        ),
        AddTrigger(
            model_name='webform',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_webformaudit" ("archived_at", "asked", "campaign_id", "code", "consent_text", "created_at", "double_opt_in", "external_id", "id", "intro", "mail_subject", "mail_text", "name", "origins", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "required", "source_id", "thanks", "version") SELECT new_values."archived_at", new_values."asked", new_values."campaign_id", new_values."code", new_values."consent_text", new_values."created_at", new_values."double_opt_in", new_values."external_id", new_values."id", new_values."intro", new_values."mail_subject", new_values."mail_text", new_values."name", new_values."origins", new_values."owner_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."recorded_at", new_values."required", new_values."source_id", new_values."thanks", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='4b050cd7e25edef478d08c3a8afbddc4e618060b', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_478b3', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='scoring_webform', when='AFTER')),
        ),
        AddTrigger(
            model_name='webform',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_webformaudit" ("archived_at", "asked", "campaign_id", "code", "consent_text", "created_at", "double_opt_in", "external_id", "id", "intro", "mail_subject", "mail_text", "name", "origins", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "required", "source_id", "thanks", "version") SELECT old_values."archived_at", old_values."asked", old_values."campaign_id", old_values."code", old_values."consent_text", old_values."created_at", old_values."double_opt_in", old_values."external_id", old_values."id", old_values."intro", old_values."mail_subject", old_values."mail_text", old_values."name", old_values."origins", old_values."owner_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."recorded_at", old_values."required", old_values."source_id", old_values."thanks", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='9206cab1a3f983ba9ca3460885361e94516d239c', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_60f40', referencing='REFERENCING OLD TABLE AS old_values ', table='scoring_webform', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='formsubmission',
            index=models.Index(fields=['form', '-submitted_at'], name='form_submission_when'),
        ),
        AddTrigger(
            model_name='webformaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='84bde5b7524abba005ca006ac45ba59223188b73', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d80f1', table='scoring_webformaudit', when='BEFORE')),
        ),
        AddTrigger(
            model_name='websiteaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c1d1d17cba7b6b770edaf1c68632c3dcaccc8614', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ea4ee', table='scoring_websiteaudit', when='BEFORE')),
        ),
    ]
