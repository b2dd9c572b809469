from django.db import migrations
from django.utils import timezone

# The criteria of the setpoints that were not among the reasons yet.
ADDED = {
    "meeting_dated": "No meeting with a date",
    "deal_type_known": "Type of deal not known",
    "first_meeting_held": "First meeting not held",
    "closing_step_set": "No step towards signing",
}
# A deal is declined for criteria that spoke against it, and for nothing else.
RETIRED = [
    "no_sponsor_above_middle_management",
    "vague_pain_without_date",
    "feature_parity",
    "just_looking",
    "heavy_customisation",
    "other",
]


def settle(apps, schema_editor):
    Reason = apps.get_model("crm", "Reason")
    Reason.objects.filter(kind="declined", code__in=RETIRED, retired_at=None).update(retired_at=timezone.now())
    known = Reason.objects.filter(kind="declined").values_list("code", flat=True)
    Reason.objects.bulk_create(
        Reason(kind="declined", code=code, name=name, order=20 + number)
        for number, (code, name) in enumerate(ADDED.items())
        if code not in set(known)
    )


class Migration(migrations.Migration):
    dependencies = [("crm", "0005_meetings_are_not_rewritten")]
    operations = [migrations.RunPython(settle, migrations.RunPython.noop)]
