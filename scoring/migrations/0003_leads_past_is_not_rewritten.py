import pgtrigger.compiler
from django.db import migrations

from crm.lib.migrations import AddTrigger


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0002_seed_default_model"),
    ]

    operations = [
        AddTrigger(
            model_name="leadstatusevent",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NOT COALESCE(FALSE, FALSE))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="31231c91b42108ca93c35eb3e430ac1d68ed91d9",
                    operation="UPDATE",
                    pgid="pgtrigger_never_changed_f9811",
                    table="scoring_leadstatusevent",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="leadstatusevent",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NOT COALESCE(FALSE, FALSE))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="dfded9cdc8e9b822dc35cc11254113aaa8d988fc",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_99754",
                    table="scoring_leadstatusevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
