import pgtrigger.compiler
from django.db import migrations, models

from crm.lib.migrations import AddField, AddTrigger, RemoveTrigger


class Migration(migrations.Migration):

    dependencies = [
        ('pipeline', '0025_every_kind_of_event'),
    ]

    operations = [
        RemoveTrigger(
            model_name='deliveryquestion',
            name='insert_insert',
        ),
        RemoveTrigger(
            model_name='deliveryquestion',
            name='update_update',
        ),
        RemoveTrigger(
            model_name='deliveryquestion',
            name='delete_delete',
        ),
        RemoveTrigger(
            model_name='handover',
            name='insert_insert',
        ),
        RemoveTrigger(
            model_name='handover',
            name='update_update',
        ),
        RemoveTrigger(
            model_name='handover',
            name='delete_delete',
        ),
        RemoveTrigger(
            model_name='promise',
            name='insert_insert',
        ),
        RemoveTrigger(
            model_name='promise',
            name='update_update',
        ),
        RemoveTrigger(
            model_name='promise',
            name='delete_delete',
        ),
        AddField(
            model_name='deliveryquestion',
            name='version',
            field=models.PositiveIntegerField(default=1),
        ),
        AddField(
            model_name='deliveryquestionaudit',
            name='version',
            field=models.PositiveIntegerField(default=1),
        ),
        AddField(
            model_name='handover',
            name='version',
            field=models.PositiveIntegerField(default=1),
        ),
        AddField(
            model_name='handoveraudit',
            name='version',
            field=models.PositiveIntegerField(default=1),
        ),
        AddField(
            model_name='promise',
            name='version',
            field=models.PositiveIntegerField(default=1),
        ),
        AddField(
            model_name='promiseaudit',
            name='version',
            field=models.PositiveIntegerField(default=1),
        ),
        AddTrigger(
            model_name='deliveryquestion',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_deliveryquestionaudit" ("answer", "answered_at", "answered_by_id", "asked_at", "asked_by_id", "id", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text", "to_id", "version") SELECT new_values."answer", new_values."answered_at", new_values."answered_by_id", new_values."asked_at", new_values."asked_by_id", new_values."id", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."text", new_values."to_id", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='009117f40b322b40fc2a7cf72d16197e27425c1c', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_6dafa', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_deliveryquestion', when='AFTER')),
        ),
        AddTrigger(
            model_name='deliveryquestion',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_deliveryquestionaudit" ("answer", "answered_at", "answered_by_id", "asked_at", "asked_by_id", "id", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text", "to_id", "version") SELECT new_values."answer", new_values."answered_at", new_values."answered_by_id", new_values."asked_at", new_values."asked_by_id", new_values."id", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."text", new_values."to_id", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d2c58a30ab557d96114d8d0700ea21d9f49a49a8', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_e3474', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_deliveryquestion', when='AFTER')),
        ),
        AddTrigger(
            model_name='deliveryquestion',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_deliveryquestionaudit" ("answer", "answered_at", "answered_by_id", "asked_at", "asked_by_id", "id", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text", "to_id", "version") SELECT old_values."answer", old_values."answered_at", old_values."answered_by_id", old_values."asked_at", old_values."asked_by_id", old_values."id", old_values."opportunity_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."text", old_values."to_id", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='dd9c0281d905ac868d1d6f45d70afed9760c62c7', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_5f2be', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_deliveryquestion', when='AFTER')),
        ),
        AddTrigger(
            model_name='handover',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_handoveraudit" ("accepted_at", "as_sold", "checked_on", "gap", "id", "made_at", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "summary", "to_id", "version") SELECT new_values."accepted_at", new_values."as_sold", new_values."checked_on", new_values."gap", new_values."id", new_values."made_at", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."summary", new_values."to_id", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='42cde236129133bdfd371e80e33b633d923640d3', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_0a343', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_handover', when='AFTER')),
        ),
        AddTrigger(
            model_name='handover',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_handoveraudit" ("accepted_at", "as_sold", "checked_on", "gap", "id", "made_at", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "summary", "to_id", "version") SELECT new_values."accepted_at", new_values."as_sold", new_values."checked_on", new_values."gap", new_values."id", new_values."made_at", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."summary", new_values."to_id", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='8754656ec586f0207e2b997c93908ccb82a552ce', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_4c9ec', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_handover', when='AFTER')),
        ),
        AddTrigger(
            model_name='handover',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_handoveraudit" ("accepted_at", "as_sold", "checked_on", "gap", "id", "made_at", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "summary", "to_id", "version") SELECT old_values."accepted_at", old_values."as_sold", old_values."checked_on", old_values."gap", old_values."id", old_values."made_at", old_values."opportunity_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."summary", old_values."to_id", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='e7e79dd5b7d99f7475ebea9eb377c29505bec7fe', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_4a36f', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_handover', when='AFTER')),
        ),
        AddTrigger(
            model_name='promise',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_promiseaudit" ("approval_id", "area", "asked", "at", "by_id", "due_on", "ended_on", "id", "opportunity_id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "text", "version") SELECT new_values."approval_id", new_values."area", new_values."asked", new_values."at", new_values."by_id", new_values."due_on", new_values."ended_on", new_values."id", new_values."opportunity_id", new_values."owner_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."state", new_values."text", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='3cee969bd0dd6f3fa916900de3b5ed1dfa86e192', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_94692', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_promise', when='AFTER')),
        ),
        AddTrigger(
            model_name='promise',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_promiseaudit" ("approval_id", "area", "asked", "at", "by_id", "due_on", "ended_on", "id", "opportunity_id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "text", "version") SELECT new_values."approval_id", new_values."area", new_values."asked", new_values."at", new_values."by_id", new_values."due_on", new_values."ended_on", new_values."id", new_values."opportunity_id", new_values."owner_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."state", new_values."text", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='ed7d68d528f398fc824f6a632a17aa4aedf20451', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_e9aa1', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_promise', when='AFTER')),
        ),
        AddTrigger(
            model_name='promise',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_promiseaudit" ("approval_id", "area", "asked", "at", "by_id", "due_on", "ended_on", "id", "opportunity_id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "text", "version") SELECT old_values."approval_id", old_values."area", old_values."asked", old_values."at", old_values."by_id", old_values."due_on", old_values."ended_on", old_values."id", old_values."opportunity_id", old_values."owner_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."state", old_values."text", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='0b553c3700933a754457f3041d7e7aec5cdec370', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_222f8', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_promise', when='AFTER')),
        ),
    ]
