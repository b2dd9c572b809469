import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from crm.lib.migrations import AddField, AddTrigger


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0011_holidays_and_absences'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='campaign',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='campaign',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='campaign',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='source',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='source',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='source',
            name='delete_delete',
        ),
        AddField(
            model_name='campaign',
            name='version',
            field=models.PositiveIntegerField(default=1),
        ),
        AddField(
            model_name='campaignaudit',
            name='version',
            field=models.PositiveIntegerField(default=1),
        ),
        AddField(
            model_name='source',
            name='version',
            field=models.PositiveIntegerField(default=1),
        ),
        AddField(
            model_name='sourceaudit',
            name='version',
            field=models.PositiveIntegerField(default=1),
        ),
        AddTrigger(
            model_name='campaign',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_campaignaudit" ("archived_at", "code", "content_type", "ends_on", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source_id", "starts_on", "version") SELECT new_values."archived_at", new_values."code", new_values."content_type", new_values."ends_on", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."source_id", new_values."starts_on", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='85d7a981237c4c3b7c3bd723f3cc5c6f3c494cf6', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_f3cf4', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_campaign', when='AFTER')),
        ),
        AddTrigger(
            model_name='campaign',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_campaignaudit" ("archived_at", "code", "content_type", "ends_on", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source_id", "starts_on", "version") SELECT new_values."archived_at", new_values."code", new_values."content_type", new_values."ends_on", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."source_id", new_values."starts_on", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='f579c78836d74ce068b4a62c28a942771771376a', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_80e1b', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_campaign', when='AFTER')),
        ),
        AddTrigger(
            model_name='campaign',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_campaignaudit" ("archived_at", "code", "content_type", "ends_on", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source_id", "starts_on", "version") SELECT old_values."archived_at", old_values."code", old_values."content_type", old_values."ends_on", old_values."id", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."source_id", old_values."starts_on", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='d519a5ad9ac4db1c94c74404a563a71f339e7398', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_e20c7', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_campaign', when='AFTER')),
        ),
        AddTrigger(
            model_name='source',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_sourceaudit" ("archived_at", "channel", "code", "content_type", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "version") SELECT new_values."archived_at", new_values."channel", new_values."code", new_values."content_type", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='fd7aa0be6c385967ab97777094b628e38d4a3f81', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_89961', referencing='REFERENCING NEW TABLE AS new_values ', table='crm_source', when='AFTER')),
        ),
        AddTrigger(
            model_name='source',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_sourceaudit" ("archived_at", "channel", "code", "content_type", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "version") SELECT new_values."archived_at", new_values."channel", new_values."code", new_values."content_type", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='bd1bdefda72ed428af82d0ecd0bcc72f58e07fc5', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_107f8', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='crm_source', when='AFTER')),
        ),
        AddTrigger(
            model_name='source',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "crm_sourceaudit" ("archived_at", "channel", "code", "content_type", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "version") SELECT old_values."archived_at", old_values."channel", old_values."code", old_values."content_type", old_values."id", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='bf200d72a2925ee8b3de5cb44d35149225440881', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_7477e', referencing='REFERENCING OLD TABLE AS old_values ', table='crm_source', when='AFTER')),
        ),
    ]
