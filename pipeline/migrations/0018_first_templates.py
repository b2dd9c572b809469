from datetime import UTC, datetime

from django.db import migrations

SINCE = datetime(1970, 1, 1, tzinfo=UTC)
OFFER = """# Where you stand
You told us what has to change: {{ required_results }}

# What we propose
{{ solutions }}

# What it costs
{{ lines }}

In all: {{ amount }}

# How we go on
This offer stands until {{ valid_until }}. With your decision we begin at once, so that you work with it from {{ go_live }}.

{{ seller }}, {{ seller_email }}
"""
AGREEMENT = """This agreement is between {{ our_company }} and {{ customer }}, {{ customer_city }}.

# What we deliver
{{ solutions }}

{{ lines }}

# What we agreed
{{ terms }}

{{ promises }}

# Price
{{ customer }} pays {{ amount }}.

# Signed
{{ signatures }}
"""
FIRST = [
    ("proposal", "Proposal", "Proposal for {{ customer }}", OFFER),
    ("contract", "Contract", "Agreement between {{ our_company }} and {{ customer }}", AGREEMENT),
]


def seed(apps, schema_editor):
    """Give every installation a proposal and a contract to begin with, where it has none."""
    templates = apps.get_model("pipeline", "DocumentTemplate").objects
    versions = apps.get_model("pipeline", "TemplateVersion").objects
    if templates.exists():
        return
    for kind, name, title, body in FIRST:
        template = templates.create(kind=kind, name=name, number=1)
        versions.create(template=template, number=1, title=title, body=body, at=SINCE)


class Migration(migrations.Migration):
    """A proposal and a contract can be made from the first day (LT-096)."""

    dependencies = [("pipeline", "0017_documents")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
