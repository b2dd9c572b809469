from datetime import date

from django.db import migrations

SINCE = date(1970, 1, 1)
# What may be promised freely, what with an approval and of whom, until somebody says otherwise.
FIRST = {
    "discount": {"free_to": 10, "approval_to": 20, "role": "finance"},
    "custom_work": {"free_to": 8, "approval_to": 80, "role": "delivery"},
    "delivery_date": {"standard": 60, "free_to": 0, "approval_to": 20, "role": "delivery"},
    "roadmap": {"free_to": 0, "approval_to": 6, "role": "product"},
    "payment_terms": {"standard": 30, "free_to": 30, "approval_to": 60, "role": "manager"},
}


def seed(apps, schema_editor):
    """Give every area a policy, where nobody gave it one."""
    policies = apps.get_model("pipeline", "PromisePolicy").objects
    known = set(policies.values_list("area", flat=True))
    for area, values in FIRST.items():
        if area not in known:
            policies.create(area=area, valid_from=SINCE, **values)


class Migration(migrations.Migration):
    """A discount, custom work, a date, a roadmap promise and payment terms have limits from the first day (P-14)."""

    dependencies = [("pipeline", "0013_approvals_in_full")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
