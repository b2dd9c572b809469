import pgtrigger.compiler
from django.db import migrations, models

from crm.lib.migrations import AddTrigger


class Migration(migrations.Migration):
    dependencies = [
        ("pipeline", "0004_figure_indexes"),
    ]

    operations = [
        migrations.AlterField(
            model_name="opportunityevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("created", "created"),
                    ("setpoint", "setpoint"),
                    ("move_voided", "move_voided"),
                    ("amount", "amount"),
                    ("expected_close_on", "expected_close_on"),
                    ("owner", "owner"),
                    ("pipeline", "pipeline"),
                    ("deal_type", "deal_type"),
                    ("category", "category"),
                    ("approach", "approach"),
                    ("closed", "closed"),
                    ("reopened", "reopened"),
                    ("archived", "archived"),
                    ("merged", "merged"),
                    ("next_step", "next_step"),
                    ("qualification", "qualification"),
                    ("selection", "selection"),
                    ("evidence", "evidence"),
                    ("stakeholder", "stakeholder"),
                    ("economics", "economics"),
                ],
                max_length=20,
            ),
        ),
        AddTrigger(
            model_name="criterionversion",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NOT COALESCE(OLD.valid_until IS NULL AND to_jsonb(OLD) - 'valid_until' = to_jsonb(NEW) - 'valid_until', FALSE))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="61cc60b6b0cc21fbe0cdece8aa137e781d5e689f",
                    operation="UPDATE",
                    pgid="pgtrigger_never_changed_28ebc",
                    table="pipeline_criterionversion",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="criterionversion",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NOT COALESCE(FALSE, FALSE))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="f7ffd09edb4826e3aad6ba929f6d03276e586d40",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_ebd0e",
                    table="pipeline_criterionversion",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="opportunityevent",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NOT COALESCE(FALSE, FALSE))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="6ae3bfeb63d8a1b4f1b441659c7697748f50838d",
                    operation="UPDATE",
                    pgid="pgtrigger_never_changed_9a051",
                    table="pipeline_opportunityevent",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="opportunityevent",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NOT COALESCE(OLD.detail ->> 'backfilled' = 'true', FALSE))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="6b09cdf9bc117f0da8091dbe888810b5ddf5d937",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_d5f37",
                    table="pipeline_opportunityevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
