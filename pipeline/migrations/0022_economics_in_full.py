import crm.lib.fields
import django.core.validators
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from crm.lib.migrations import AddField, AddIndex, AddTrigger, RemoveTrigger


class Migration(migrations.Migration):

    dependencies = [
        ('pipeline', '0021_many_deals_at_once'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        RemoveTrigger(
            model_name='economicassumptions',
            name='insert_insert',
        ),
        RemoveTrigger(
            model_name='economicassumptions',
            name='update_update',
        ),
        RemoveTrigger(
            model_name='economicassumptions',
            name='delete_delete',
        ),
        RemoveTrigger(
            model_name='effort',
            name='insert_insert',
        ),
        RemoveTrigger(
            model_name='effort',
            name='update_update',
        ),
        RemoveTrigger(
            model_name='effort',
            name='delete_delete',
        ),
        RemoveTrigger(
            model_name='expansionpotential',
            name='insert_insert',
        ),
        RemoveTrigger(
            model_name='expansionpotential',
            name='update_update',
        ),
        RemoveTrigger(
            model_name='expansionpotential',
            name='delete_delete',
        ),
        RemoveTrigger(
            model_name='strategicvalue',
            name='insert_insert',
        ),
        RemoveTrigger(
            model_name='strategicvalue',
            name='update_update',
        ),
        RemoveTrigger(
            model_name='strategicvalue',
            name='delete_delete',
        ),
        AddField(
            model_name='economicassumptions',
            name='pursuit',
            field=crm.lib.fields.MoneyField(blank=True, decimal_places=2, max_digits=16, null=True),
        ),
        AddField(
            model_name='economicassumptions',
            name='pursuit_currency',
            field=crm.lib.fields.CurrencyField(blank=True, default='', max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'An ISO 4217 code, such as EUR.')]),
        ),
        AddField(
            model_name='economicassumptionsaudit',
            name='pursuit',
            field=crm.lib.fields.MoneyField(blank=True, decimal_places=2, max_digits=16, null=True),
        ),
        AddField(
            model_name='economicassumptionsaudit',
            name='pursuit_currency',
            field=crm.lib.fields.CurrencyField(blank=True, default='', max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'An ISO 4217 code, such as EUR.')]),
        ),
        AddField(
            model_name='effort',
            name='removed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        AddField(
            model_name='effortaudit',
            name='removed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        AddField(
            model_name='expansionpotential',
            name='removed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        AddField(
            model_name='expansionpotentialaudit',
            name='removed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        AddField(
            model_name='strategicvalue',
            name='reason',
            field=models.CharField(blank=True, default='', max_length=1000),
        ),
        AddField(
            model_name='strategicvalue',
            name='removed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        AddField(
            model_name='strategicvalueaudit',
            name='reason',
            field=models.CharField(blank=True, default='', max_length=1000),
        ),
        AddField(
            model_name='strategicvalueaudit',
            name='removed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        AddIndex(
            model_name='effort',
            index=models.Index(condition=models.Q(('removed_at', None)), fields=['on'], name='effort_on'),
        ),
        AddTrigger(
            model_name='economicassumptions',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_economicassumptionsaudit" ("churn", "horizon_months", "id", "lead", "lead_currency", "margin_floor", "onboarding", "onboarding_currency", "payback_limit_months", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pursuit", "pursuit_currency", "source_name", "valid_from") SELECT new_values."churn", new_values."horizon_months", new_values."id", new_values."lead", new_values."lead_currency", new_values."margin_floor", new_values."onboarding", new_values."onboarding_currency", new_values."payback_limit_months", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."pursuit", new_values."pursuit_currency", new_values."source_name", new_values."valid_from" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='1efc9454370bc0c8a63a8cc3d5e36404506e8945', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_6c31b', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_economicassumptions', when='AFTER')),
        ),
        AddTrigger(
            model_name='economicassumptions',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_economicassumptionsaudit" ("churn", "horizon_months", "id", "lead", "lead_currency", "margin_floor", "onboarding", "onboarding_currency", "payback_limit_months", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pursuit", "pursuit_currency", "source_name", "valid_from") SELECT new_values."churn", new_values."horizon_months", new_values."id", new_values."lead", new_values."lead_currency", new_values."margin_floor", new_values."onboarding", new_values."onboarding_currency", new_values."payback_limit_months", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."pursuit", new_values."pursuit_currency", new_values."source_name", new_values."valid_from" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='02396914255bbe96ecf2040ffe24c74b25c8edee', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_80558', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_economicassumptions', when='AFTER')),
        ),
        AddTrigger(
            model_name='economicassumptions',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_economicassumptionsaudit" ("churn", "horizon_months", "id", "lead", "lead_currency", "margin_floor", "onboarding", "onboarding_currency", "payback_limit_months", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pursuit", "pursuit_currency", "source_name", "valid_from") SELECT old_values."churn", old_values."horizon_months", old_values."id", old_values."lead", old_values."lead_currency", old_values."margin_floor", old_values."onboarding", old_values."onboarding_currency", old_values."payback_limit_months", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."pursuit", old_values."pursuit_currency", old_values."source_name", old_values."valid_from" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='2382977e389be34d60350f74fe46c0aa02aa937e', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_bc9ce', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_economicassumptions', when='AFTER')),
        ),
        AddTrigger(
            model_name='effort',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_effortaudit" ("id", "kind", "minutes", "note", "on", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "user_id") SELECT new_values."id", new_values."kind", new_values."minutes", new_values."note", new_values."on", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."removed_at", new_values."user_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d24ebfafb9cbdeae0b14a0e699263f81ecf0b0b3', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_15841', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_effort', when='AFTER')),
        ),
        AddTrigger(
            model_name='effort',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_effortaudit" ("id", "kind", "minutes", "note", "on", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "user_id") SELECT new_values."id", new_values."kind", new_values."minutes", new_values."note", new_values."on", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."removed_at", new_values."user_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='668223c5ab42222597bb7dd0b43f5751a5273cf1', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_9b61b', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_effort', when='AFTER')),
        ),
        AddTrigger(
            model_name='effort',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_effortaudit" ("id", "kind", "minutes", "note", "on", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "user_id") SELECT old_values."id", old_values."kind", old_values."minutes", old_values."note", old_values."on", old_values."opportunity_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."removed_at", old_values."user_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='10e139983b3fe2c77b99f2929871aa1945009313', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_dba53', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_effort', when='AFTER')),
        ),
        AddTrigger(
            model_name='expansionpotential',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_expansionpotentialaudit" ("id", "kind", "note", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "yearly", "yearly_currency") SELECT new_values."id", new_values."kind", new_values."note", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."removed_at", new_values."yearly", new_values."yearly_currency" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='53ee35f7b0b75d8f9b01f240d7d2029b49feeef2', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_23e7e', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_expansionpotential', when='AFTER')),
        ),
        AddTrigger(
            model_name='expansionpotential',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_expansionpotentialaudit" ("id", "kind", "note", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "yearly", "yearly_currency") SELECT new_values."id", new_values."kind", new_values."note", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."removed_at", new_values."yearly", new_values."yearly_currency" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='2325b4f6ede8584fc63d6c50aaf4ee7f4cf08c9c', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_a2e41', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_expansionpotential', when='AFTER')),
        ),
        AddTrigger(
            model_name='expansionpotential',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_expansionpotentialaudit" ("id", "kind", "note", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "yearly", "yearly_currency") SELECT old_values."id", old_values."kind", old_values."note", old_values."opportunity_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."removed_at", old_values."yearly", old_values."yearly_currency" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='2213985b611fb4c4552cfae36c1154011ca1c60e', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_95667', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_expansionpotential', when='AFTER')),
        ),
        AddTrigger(
            model_name='strategicvalue',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_strategicvalueaudit" ("approved_at", "approved_by_id", "at", "by_id", "id", "justification", "kind", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "removed_at", "value", "value_currency", "weight") SELECT new_values."approved_at", new_values."approved_by_id", new_values."at", new_values."by_id", new_values."id", new_values."justification", new_values."kind", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason", new_values."removed_at", new_values."value", new_values."value_currency", new_values."weight" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='43fafb44d71c0e95675778fe9cd0a9e58b20f20c', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_f08d0', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_strategicvalue', when='AFTER')),
        ),
        AddTrigger(
            model_name='strategicvalue',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_strategicvalueaudit" ("approved_at", "approved_by_id", "at", "by_id", "id", "justification", "kind", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "removed_at", "value", "value_currency", "weight") SELECT new_values."approved_at", new_values."approved_by_id", new_values."at", new_values."by_id", new_values."id", new_values."justification", new_values."kind", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason", new_values."removed_at", new_values."value", new_values."value_currency", new_values."weight" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='b83dec5ca13c7f9bd407d251785aa6bdffc11438', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_b2e94', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_strategicvalue', when='AFTER')),
        ),
        AddTrigger(
            model_name='strategicvalue',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_strategicvalueaudit" ("approved_at", "approved_by_id", "at", "by_id", "id", "justification", "kind", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "removed_at", "value", "value_currency", "weight") SELECT old_values."approved_at", old_values."approved_by_id", old_values."at", old_values."by_id", old_values."id", old_values."justification", old_values."kind", old_values."opportunity_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reason", old_values."removed_at", old_values."value", old_values."value_currency", old_values."weight" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='24daeb8b31a8b18e8c7317cf1374716406bfd749', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_eed9c', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_strategicvalue', when='AFTER')),
        ),
    ]
