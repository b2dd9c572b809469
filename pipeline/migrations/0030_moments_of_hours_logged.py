from django.db import migrations

# Hours were told of in the events of their deal; those of a request were logged when it ended.
LOGGED = """
UPDATE pipeline_effort effort SET recorded_at = told.recorded_at FROM (
    SELECT (event.new->>'effort')::bigint AS id, min(event.recorded_at) AS recorded_at
    FROM pipeline_opportunityevent event WHERE event.kind = 'economics' AND event.new->>'effort' IS NOT NULL GROUP BY 1
) told WHERE told.id = effort.id AND effort.recorded_at IS NULL
"""
SPENT = """
UPDATE pipeline_effort effort SET recorded_at = request.ended_at FROM pipeline_resourcerequest request
WHERE request.effort_id = effort.id AND effort.recorded_at IS NULL
"""


class Migration(migrations.Migration):

    dependencies = [("pipeline", "0029_hours_are_known_from_a_moment")]

    operations = [
        migrations.RunSQL([LOGGED, SPENT], migrations.RunSQL.noop),
    ]
