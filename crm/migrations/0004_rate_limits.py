from django.db import migrations

# What `createcachetable` would make, so that `migrate` is enough. Unlogged: after a crash the counts begin anew.
CREATE = """
CREATE UNLOGGED TABLE crm_rate_limit (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX crm_rate_limit_expires ON crm_rate_limit (expires);
"""


class Migration(migrations.Migration):
    """Keep how often somebody tried to sign in where it does not depend on the broker."""

    dependencies = [("crm", "0003_audit_activities_from_the_first")]

    operations = [migrations.RunSQL(CREATE, "DROP TABLE crm_rate_limit")]
