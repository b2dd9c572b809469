from django.db import migrations, models

from crm.lib.migrations import AddIndex, RemoveIndex


class Migration(migrations.Migration):
    """Lists count what is in use, and name its industries, from indexes that hold nothing else."""

    dependencies = [("crm", "0006_declined_for_criteria")]

    operations = [
        RemoveIndex(model_name="account", name="account_by_industry"),
        AddIndex(
            model_name="account",
            index=models.Index(
                fields=["industry"], name="account_by_industry", condition=models.Q(archived_at=None, merged_into=None)
            ),
        ),
        RemoveIndex(model_name="contact", name="contact_by_account"),
        AddIndex(
            model_name="contact",
            index=models.Index(
                fields=["account", "id"],
                name="contact_by_account",
                condition=models.Q(archived_at=None, merged_into=None, erased_at=None),
            ),
        ),
    ]
