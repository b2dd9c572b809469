import pgtrigger.compiler
from django.db import migrations, models

from crm.lib.migrations import AddField, AddTrigger, RemoveTrigger


class Migration(migrations.Migration):

    dependencies = [
        ('pipeline', '0026_promises_have_versions'),
    ]

    operations = [
        RemoveTrigger(
            model_name='negotiationpoint',
            name='insert_insert',
        ),
        RemoveTrigger(
            model_name='negotiationpoint',
            name='update_update',
        ),
        RemoveTrigger(
            model_name='negotiationpoint',
            name='delete_delete',
        ),
        AddField(
            model_name='negotiationpoint',
            name='version',
            field=models.PositiveIntegerField(default=1),
        ),
        AddField(
            model_name='negotiationpointaudit',
            name='version',
            field=models.PositiveIntegerField(default=1),
        ),
        AddTrigger(
            model_name='negotiationpoint',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_negotiationpointaudit" ("answer", "asked", "asked_on", "at", "by_id", "contact_id", "id", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "settled_on", "state", "topic", "version") SELECT new_values."answer", new_values."asked", new_values."asked_on", new_values."at", new_values."by_id", new_values."contact_id", new_values."id", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."settled_on", new_values."state", new_values."topic", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d083225e6d51b978a3dd2efaefec90a08c217bff', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_ae53a', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_negotiationpoint', when='AFTER')),
        ),
        AddTrigger(
            model_name='negotiationpoint',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_negotiationpointaudit" ("answer", "asked", "asked_on", "at", "by_id", "contact_id", "id", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "settled_on", "state", "topic", "version") SELECT new_values."answer", new_values."asked", new_values."asked_on", new_values."at", new_values."by_id", new_values."contact_id", new_values."id", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."settled_on", new_values."state", new_values."topic", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='0265f86e451337d8ea81d65fbb063d2f9939193a', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_e79d8', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_negotiationpoint', when='AFTER')),
        ),
        AddTrigger(
            model_name='negotiationpoint',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_negotiationpointaudit" ("answer", "asked", "asked_on", "at", "by_id", "contact_id", "id", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "settled_on", "state", "topic", "version") SELECT old_values."answer", old_values."asked", old_values."asked_on", old_values."at", old_values."by_id", old_values."contact_id", old_values."id", old_values."opportunity_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."settled_on", old_values."state", old_values."topic", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='8990cfaa8e48b76834b4559e761ad092fbf0182f', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_db684', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_negotiationpoint', when='AFTER')),
        ),
    ]
