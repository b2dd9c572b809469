import django.contrib.postgres.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from crm.lib.migrations import AddField, AddTrigger


class Migration(migrations.Migration):
    """Clocks may stand still while their rep is away; off until somebody agrees on it."""

    dependencies = [
        ('scoring', '0019_social_media_counts'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='handoff',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='handoff',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='handoff',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='handoffterms',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='handoffterms',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='handoffterms',
            name='delete_delete',
        ),
        AddField(
            model_name='handoff',
            name='away_days',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), blank=True, default=list, size=None),
        ),
        AddField(
            model_name='handoffaudit',
            name='away_days',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), blank=True, default=list, size=None),
        ),
        AddField(
            model_name='handoffterms',
            name='pauses_when_away',
            field=models.BooleanField(default=False),
        ),
        AddField(
            model_name='handofftermsaudit',
            name='pauses_when_away',
            field=models.BooleanField(default=False),
        ),
        AddTrigger(
            model_name='handoff',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_handoffaudit" ("answer", "answered_at", "answered_by_id", "assigned_at", "away_days", "created_at", "crossing_id", "due_at", "id", "lead_id", "note", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason_id", "recycle_on", "recycled_at", "remind_at", "routed_by", "territory_id", "version") SELECT new_values."answer", new_values."answered_at", new_values."answered_by_id", new_values."assigned_at", new_values."away_days", new_values."created_at", new_values."crossing_id", new_values."due_at", new_values."id", new_values."lead_id", new_values."note", new_values."owner_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason_id", new_values."recycle_on", new_values."recycled_at", new_values."remind_at", new_values."routed_by", new_values."territory_id", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='7b07ea7e45e6f1eb9963d30816e653d4b62ec21c', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_2e868', referencing='REFERENCING NEW TABLE AS new_values ', table='scoring_handoff', when='AFTER')),
        ),
        AddTrigger(
            model_name='handoff',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_handoffaudit" ("answer", "answered_at", "answered_by_id", "assigned_at", "away_days", "created_at", "crossing_id", "due_at", "id", "lead_id", "note", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason_id", "recycle_on", "recycled_at", "remind_at", "routed_by", "territory_id", "version") SELECT new_values."answer", new_values."answered_at", new_values."answered_by_id", new_values."assigned_at", new_values."away_days", new_values."created_at", new_values."crossing_id", new_values."due_at", new_values."id", new_values."lead_id", new_values."note", new_values."owner_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason_id", new_values."recycle_on", new_values."recycled_at", new_values."remind_at", new_values."routed_by", new_values."territory_id", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='9ab1a5d367dcb065dbacdd2ed597d37801b6c998', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_6b37e', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='scoring_handoff', when='AFTER')),
        ),
        AddTrigger(
            model_name='handoff',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_handoffaudit" ("answer", "answered_at", "answered_by_id", "assigned_at", "away_days", "created_at", "crossing_id", "due_at", "id", "lead_id", "note", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason_id", "recycle_on", "recycled_at", "remind_at", "routed_by", "territory_id", "version") SELECT old_values."answer", old_values."answered_at", old_values."answered_by_id", old_values."assigned_at", old_values."away_days", old_values."created_at", old_values."crossing_id", old_values."due_at", old_values."id", old_values."lead_id", old_values."note", old_values."owner_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reason_id", old_values."recycle_on", old_values."recycled_at", old_values."remind_at", old_values."routed_by", old_values."territory_id", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='d308ea149e2c624c07f92e34b4a84a5d6fcf2da7', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_5dbef', referencing='REFERENCING OLD TABLE AS old_values ', table='scoring_handoff', when='AFTER')),
        ),
        AddTrigger(
            model_name='handoffterms',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_handofftermsaudit" ("answer_minutes", "id", "pauses_when_away", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "remind_minutes", "trial_percent", "version") SELECT new_values."answer_minutes", new_values."id", new_values."pauses_when_away", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."remind_minutes", new_values."trial_percent", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='11744db40f9500acb4f9c8305ea0625bd270898a', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_044cf', referencing='REFERENCING NEW TABLE AS new_values ', table='scoring_handoffterms', when='AFTER')),
        ),
        AddTrigger(
            model_name='handoffterms',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_handofftermsaudit" ("answer_minutes", "id", "pauses_when_away", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "remind_minutes", "trial_percent", "version") SELECT new_values."answer_minutes", new_values."id", new_values."pauses_when_away", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."remind_minutes", new_values."trial_percent", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='f56cc2f921858f5a8b7d475e1747b5f8941f06d0', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_2dade', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='scoring_handoffterms', when='AFTER')),
        ),
        AddTrigger(
            model_name='handoffterms',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_handofftermsaudit" ("answer_minutes", "id", "pauses_when_away", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "remind_minutes", "trial_percent", "version") SELECT old_values."answer_minutes", old_values."id", old_values."pauses_when_away", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."remind_minutes", old_values."trial_percent", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='541c6029f9810458de1b38ba01928a4b4fa63f2c', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_2f978', referencing='REFERENCING OLD TABLE AS old_values ', table='scoring_handoffterms', when='AFTER')),
        ),
    ]
