import crm.lib.fields
import django.core.validators
import pgtrigger.compiler
from django.db import migrations

from crm.lib.migrations import AddField, AddTrigger, RemoveTrigger


class Migration(migrations.Migration):

    dependencies = [
        ('pipeline', '0030_moments_of_hours_logged'),
    ]

    operations = [
        RemoveTrigger(
            model_name='opportunityline',
            name='insert_insert',
        ),
        RemoveTrigger(
            model_name='opportunityline',
            name='update_update',
        ),
        RemoveTrigger(
            model_name='opportunityline',
            name='delete_delete',
        ),
        AddField(
            model_name='opportunityline',
            name='list_price',
            field=crm.lib.fields.MoneyField(blank=True, decimal_places=2, max_digits=16, null=True),
        ),
        AddField(
            model_name='opportunityline',
            name='list_price_currency',
            field=crm.lib.fields.CurrencyField(blank=True, default='', max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'An ISO 4217 code, such as EUR.')]),
        ),
        AddField(
            model_name='opportunitylineaudit',
            name='list_price',
            field=crm.lib.fields.MoneyField(blank=True, decimal_places=2, max_digits=16, null=True),
        ),
        AddField(
            model_name='opportunitylineaudit',
            name='list_price_currency',
            field=crm.lib.fields.CurrencyField(blank=True, default='', max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'An ISO 4217 code, such as EUR.')]),
        ),
        AddTrigger(
            model_name='opportunityline',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_opportunitylineaudit" ("billing", "cost", "cost_currency", "description", "discount", "id", "is_standard", "list_price", "list_price_currency", "months", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "price", "price_currency", "product_id", "quantity", "removed_at") SELECT new_values."billing", new_values."cost", new_values."cost_currency", new_values."description", new_values."discount", new_values."id", new_values."is_standard", new_values."list_price", new_values."list_price_currency", new_values."months", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."price", new_values."price_currency", new_values."product_id", new_values."quantity", new_values."removed_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='de9150f557a8a4aa2b00486dfb53d85552b06abf', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_6f51d', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_opportunityline', when='AFTER')),
        ),
        AddTrigger(
            model_name='opportunityline',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_opportunitylineaudit" ("billing", "cost", "cost_currency", "description", "discount", "id", "is_standard", "list_price", "list_price_currency", "months", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "price", "price_currency", "product_id", "quantity", "removed_at") SELECT new_values."billing", new_values."cost", new_values."cost_currency", new_values."description", new_values."discount", new_values."id", new_values."is_standard", new_values."list_price", new_values."list_price_currency", new_values."months", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."price", new_values."price_currency", new_values."product_id", new_values."quantity", new_values."removed_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='3f5de0621e710187bc1cc0b81ac5607e2783339f', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_94c98', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_opportunityline', when='AFTER')),
        ),
        AddTrigger(
            model_name='opportunityline',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_opportunitylineaudit" ("billing", "cost", "cost_currency", "description", "discount", "id", "is_standard", "list_price", "list_price_currency", "months", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "price", "price_currency", "product_id", "quantity", "removed_at") SELECT old_values."billing", old_values."cost", old_values."cost_currency", old_values."description", old_values."discount", old_values."id", old_values."is_standard", old_values."list_price", old_values."list_price_currency", old_values."months", old_values."opportunity_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."price", old_values."price_currency", old_values."product_id", old_values."quantity", old_values."removed_at" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='d5d22cc5a23a16068719346606aa793f7e5469ec', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_df268', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_opportunityline', when='AFTER')),
        ),
    ]
