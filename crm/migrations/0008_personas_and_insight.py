import crm.lib.sql
import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from crm.lib.migrations import AddConstraint, AddField, AddTrigger, CreateModel, RemoveTrigger


class Migration(migrations.Migration):
    """Kinds of buyers, which contacts may be of, and what is worth knowing of an account before a call."""

    dependencies = [
        ('crm', '0007_lists_count_what_is_in_use'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        CreateModel(
            name='AccountInsight',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('external_id', models.CharField(blank=True, max_length=200, null=True, unique=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('kind', models.CharField(choices=[('aim', 'aim'), ('goal', 'goal'), ('event', 'event'), ('change', 'change')], max_length=10)),
                ('text', models.CharField(max_length=500)),
                ('on', models.DateField(blank=True, null=True)),
                ('burner', models.CharField(blank=True, choices=[('front', 'front'), ('back', 'back'), ('freezer', 'freezer')], default='', max_length=10)),
            ],
        ),
        CreateModel(
            name='AccountInsightAudit',
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
                ('kind', models.CharField(choices=[('aim', 'aim'), ('goal', 'goal'), ('event', 'event'), ('change', 'change')], max_length=10)),
                ('text', models.CharField(max_length=500)),
                ('on', models.DateField(blank=True, null=True)),
                ('burner', models.CharField(blank=True, choices=[('front', 'front'), ('back', 'back'), ('freezer', 'freezer')], default='', max_length=10)),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateModel(
            name='Persona',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('external_id', models.CharField(blank=True, max_length=200, null=True, unique=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('name', models.CharField(max_length=100)),
                ('position', models.CharField(blank=True, default='', max_length=200)),
                ('responsibilities', models.CharField(blank=True, default='', max_length=2000)),
                ('goals', models.CharField(blank=True, default='', max_length=2000)),
                ('challenges', models.CharField(blank=True, default='', max_length=2000)),
                ('channels', models.CharField(blank=True, default='', max_length=2000)),
                ('decision_criteria', models.CharField(blank=True, default='', max_length=2000)),
            ],
        ),
        CreateModel(
            name='PersonaAudit',
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
                ('name', models.CharField(max_length=100)),
                ('position', models.CharField(blank=True, default='', max_length=200)),
                ('responsibilities', models.CharField(blank=True, default='', max_length=2000)),
                ('goals', models.CharField(blank=True, default='', max_length=2000)),
                ('challenges', models.CharField(blank=True, default='', max_length=2000)),
                ('channels', models.CharField(blank=True, default='', max_length=2000)),
                ('decision_criteria', models.CharField(blank=True, default='', max_length=2000)),
            ],
            options={
                'abstract': False,
            },
        ),
        RemoveTrigger(
            model_name='contact',
            name='insert_insert',
        ),
        RemoveTrigger(
            model_name='contact',
            name='update_update',
        ),
        RemoveTrigger(
            model_name='contact',
            name='delete_delete',
        ),
        AddTrigger(
            model_name='contact',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_contactaudit" ("account_id", "archived_at", "consent", "consented_at", "country", "created_at", "department", "email", "erased_at", "external_id", "first_name", "id", "job_title", "language", "last_name", "lawful_basis", "merged_into_id", "owner_id", "persona_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "recorded_at", "seniority", "seniority_is_set", "version") SELECT new_values."account_id", new_values."archived_at", new_values."consent", new_values."consented_at", new_values."country", new_values."created_at", new_values."department", new_values."email", new_values."erased_at", new_values."external_id", new_values."first_name", new_values."id", new_values."job_title", new_values."language", new_values."last_name", new_values."lawful_basis", new_values."merged_into_id", new_values."owner_id", new_values."persona_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."phone", new_values."recorded_at", new_values."seniority", new_values."seniority_is_set", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='f5c9fb5bdf467cd18d2def39dc110839d8798c56', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_5fbb8', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_contact', when='AFTER')),
        ),
        AddTrigger(
            model_name='contact',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_contactaudit" ("account_id", "archived_at", "consent", "consented_at", "country", "created_at", "department", "email", "erased_at", "external_id", "first_name", "id", "job_title", "language", "last_name", "lawful_basis", "merged_into_id", "owner_id", "persona_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "recorded_at", "seniority", "seniority_is_set", "version") SELECT new_values."account_id", new_values."archived_at", new_values."consent", new_values."consented_at", new_values."country", new_values."created_at", new_values."department", new_values."email", new_values."erased_at", new_values."external_id", new_values."first_name", new_values."id", new_values."job_title", new_values."language", new_values."last_name", new_values."lawful_basis", new_values."merged_into_id", new_values."owner_id", new_values."persona_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."phone", new_values."recorded_at", new_values."seniority", new_values."seniority_is_set", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='4729c1537f924c7289a8590a48b824ae4a73f4f6', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_eb23d', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_contact', when='AFTER')),
        ),
        AddTrigger(
            model_name='contact',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_contactaudit" ("account_id", "archived_at", "consent", "consented_at", "country", "created_at", "department", "email", "erased_at", "external_id", "first_name", "id", "job_title", "language", "last_name", "lawful_basis", "merged_into_id", "owner_id", "persona_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "recorded_at", "seniority", "seniority_is_set", "version") SELECT old_values."account_id", old_values."archived_at", old_values."consent", old_values."consented_at", old_values."country", old_values."created_at", old_values."department", old_values."email", old_values."erased_at", old_values."external_id", old_values."first_name", old_values."id", old_values."job_title", old_values."language", old_values."last_name", old_values."lawful_basis", old_values."merged_into_id", old_values."owner_id", old_values."persona_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."phone", old_values."recorded_at", old_values."seniority", old_values."seniority_is_set", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='d98e0b84e4b702d3f87882d8cfb36118b4bdcd0e', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_c9be7', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_contact', when='AFTER')),
        ),
        AddField(
            model_name='accountinsight',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='insights', to='crm.account'),
        ),
        AddField(
            model_name='accountinsight',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='accountinsight',
            name='told_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crm.contact'),
        ),
        AddField(
            model_name='accountinsightaudit',
            name='account',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.account'),
        ),
        AddField(
            model_name='accountinsightaudit',
            name='by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='accountinsightaudit',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        AddField(
            model_name='accountinsightaudit',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='crm.accountinsight'),
        ),
        AddField(
            model_name='accountinsightaudit',
            name='told_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.contact'),
        ),
        AddConstraint(
            model_name='persona',
            constraint=models.UniqueConstraint(crm.lib.sql.Fold('name'), condition=models.Q(('archived_at', None)), name='persona_name_once'),
        ),
        AddTrigger(
            model_name='persona',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_personaaudit" ("archived_at", "challenges", "channels", "created_at", "decision_criteria", "external_id", "goals", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "recorded_at", "responsibilities", "version") SELECT new_values."archived_at", new_values."challenges", new_values."channels", new_values."created_at", new_values."decision_criteria", new_values."external_id", new_values."goals", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."position", new_values."recorded_at", new_values."responsibilities", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d776349de85d4260fbd5698958c6381de702a42c', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_bc1fa', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_persona', when='AFTER')),
        ),
        AddTrigger(
            model_name='persona',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_personaaudit" ("archived_at", "challenges", "channels", "created_at", "decision_criteria", "external_id", "goals", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "recorded_at", "responsibilities", "version") SELECT new_values."archived_at", new_values."challenges", new_values."channels", new_values."created_at", new_values."decision_criteria", new_values."external_id", new_values."goals", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."position", new_values."recorded_at", new_values."responsibilities", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d069a69be18d1cc6fa1eac1b6f40e18cd07600a3', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_4af97', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_persona', when='AFTER')),
        ),
        AddTrigger(
            model_name='persona',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_personaaudit" ("archived_at", "challenges", "channels", "created_at", "decision_criteria", "external_id", "goals", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "recorded_at", "responsibilities", "version") SELECT old_values."archived_at", old_values."challenges", old_values."channels", old_values."created_at", old_values."decision_criteria", old_values."external_id", old_values."goals", old_values."id", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."position", old_values."recorded_at", old_values."responsibilities", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='80e02b4d9c1a66533e5e8bc9f987ff7cb4424bff', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_c6465', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_persona', when='AFTER')),
        ),
        AddField(
            model_name='contact',
            name='persona',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='crm.persona'),
        ),
        AddField(
            model_name='contactaudit',
            name='persona',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.persona'),
        ),
        AddField(
            model_name='personaaudit',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        AddField(
            model_name='personaaudit',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='crm.persona'),
        ),
        AddConstraint(
            model_name='accountinsight',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('burner__in', ['front', 'back', 'freezer']), ('kind', 'goal')), models.Q(models.Q(('kind', 'goal'), _negated=True), ('burner', '')), _connector='OR'), name='insight_goal_has_burner'),
        ),
        AddConstraint(
            model_name='accountinsight',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['event', 'change']), _negated=True), ('on__isnull', False), _connector='OR'), name='insight_event_has_day'),
        ),
        AddTrigger(
            model_name='accountinsight',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_accountinsightaudit" ("account_id", "archived_at", "burner", "by_id", "created_at", "external_id", "id", "kind", "on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "text", "told_by_id", "version") SELECT new_values."account_id", new_values."archived_at", new_values."burner", new_values."by_id", new_values."created_at", new_values."external_id", new_values."id", new_values."kind", new_values."on", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."recorded_at", new_values."text", new_values."told_by_id", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='7aecc11d9880ba9c7b9b62c6a94758910789d432', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_42db3', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_accountinsight', when='AFTER')),
        ),
        AddTrigger(
            model_name='accountinsight',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_accountinsightaudit" ("account_id", "archived_at", "burner", "by_id", "created_at", "external_id", "id", "kind", "on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "text", "told_by_id", "version") SELECT new_values."account_id", new_values."archived_at", new_values."burner", new_values."by_id", new_values."created_at", new_values."external_id", new_values."id", new_values."kind", new_values."on", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."recorded_at", new_values."text", new_values."told_by_id", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='149057110e1adac7f8b725367fd1d4653febfad3', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_ef197', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_accountinsight', when='AFTER')),
        ),
        AddTrigger(
            model_name='accountinsight',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_accountinsightaudit" ("account_id", "archived_at", "burner", "by_id", "created_at", "external_id", "id", "kind", "on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "text", "told_by_id", "version") SELECT old_values."account_id", old_values."archived_at", old_values."burner", old_values."by_id", old_values."created_at", old_values."external_id", old_values."id", old_values."kind", old_values."on", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."recorded_at", old_values."text", old_values."told_by_id", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='73e8cf59d684d83194504ce080912e893a96d3a9', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_5c73f', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_accountinsight', when='AFTER')),
        ),
        AddTrigger(
            model_name='accountinsightaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d6235384d022de44e84da1df55a17c603edb64d4', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f3d24', table='crm_accountinsightaudit', when='BEFORE')),
        ),
        AddTrigger(
            model_name='personaaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2e0037b9a949d404ecdfe0c6327359c76d7e2d08', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ca4e4', table='crm_personaaudit', when='BEFORE')),
        ),
    ]
