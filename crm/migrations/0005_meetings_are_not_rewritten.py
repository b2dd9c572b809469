import pgtrigger.compiler
from django.db import migrations

from crm.lib.migrations import AddTrigger


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0004_rate_limits"),
    ]

    operations = [
        AddTrigger(
            model_name="meetingchange",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NOT COALESCE(FALSE, FALSE))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="071ef7d430200a586c1d3d5c46a08e5c28b7cecd",
                    operation="UPDATE",
                    pgid="pgtrigger_never_changed_39b41",
                    table="crm_meetingchange",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="meetingchange",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NOT COALESCE(FALSE, FALSE))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="e1757a5d85b60d4af762d11ac8a4d51f5e126ed0",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_7a61a",
                    table="crm_meetingchange",
                    when="BEFORE",
                ),
            ),
        ),
    ]
