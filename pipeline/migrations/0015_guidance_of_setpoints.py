from django.db import migrations

GUIDANCE = {
    "first_meeting": (
        "Find out what the firm lives from and what hurts, and leave with a step you both agreed on.",
        ["deal_type", "contact_id"],
    ),
    "25": (
        "Ask for budget, need, competition and how they decide. Do not take whom you talk to for whoever decides.",
        ["amount", "expected_close_on"],
    ),
    "50": (
        "A decision is near: meet whoever decides, know the day, and agree what happens on it.",
        ["decision_on", "amount"],
    ),
    "90": (
        "Hold what was said: who signs, which result they need and from which day it must work.",
        ["required_results", "go_live_on", "expected_close_on"],
    ),
}


def guide(apps, schema_editor):
    setpoints = apps.get_model("pipeline", "Setpoint").objects
    for code, (guidance, fields) in GUIDANCE.items():
        setpoints.filter(code=code, guidance="", key_fields=[]).update(guidance=guidance, key_fields=fields)


class Migration(migrations.Migration):
    dependencies = [("pipeline", "0014_first_promise_policy")]
    operations = [migrations.RunPython(guide, migrations.RunPython.noop)]
