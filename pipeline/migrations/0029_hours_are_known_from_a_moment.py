import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from crm.lib.migrations import AddField, AddTrigger


class Migration(migrations.Migration):

    dependencies = [
        ('pipeline', '0028_sums_in_the_order_of_their_groups'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='effort',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='effort',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='effort',
            name='delete_delete',
        ),
        AddField(
            model_name='effort',
            name='recorded_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        AddField(
            model_name='effortaudit',
            name='recorded_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        AddTrigger(
            model_name='effort',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_effortaudit" ("id", "kind", "minutes", "note", "on", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "removed_at", "user_id") SELECT new_values."id", new_values."kind", new_values."minutes", new_values."note", new_values."on", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."recorded_at", new_values."removed_at", new_values."user_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d1b25a95533cea629247ce95209712a956ec71e0', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_15841', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_effort', when='AFTER')),
        ),
        AddTrigger(
            model_name='effort',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_effortaudit" ("id", "kind", "minutes", "note", "on", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "removed_at", "user_id") SELECT new_values."id", new_values."kind", new_values."minutes", new_values."note", new_values."on", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."recorded_at", new_values."removed_at", new_values."user_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='3f376968de559f54daefce1e1944f2d72bba9ef2', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_9b61b', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_effort', when='AFTER')),
        ),
        AddTrigger(
            model_name='effort',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_effortaudit" ("id", "kind", "minutes", "note", "on", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "removed_at", "user_id") SELECT old_values."id", old_values."kind", old_values."minutes", old_values."note", old_values."on", old_values."opportunity_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."recorded_at", old_values."removed_at", old_values."user_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='c7927f75104f4d8731da035e89dbda836dae62af', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_dba53', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_effort', when='AFTER')),
        ),
    ]
