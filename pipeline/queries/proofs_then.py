"""What proved facts of deals at a past moment, as SQL beside `proofs` (D-21, D-33).

What was said, assessed and planned keeps its own times; who had which part in a decision, and the fields of a deal, are
read from its events; a meeting is told by its changes.
"""

from pipeline.enums import QUALIFICATION, Fact, Level
from pipeline.events import EventKind
from pipeline.queries.proofs import ELEMENT_CODES, QUALIFYING

# Facts that are fields and have events of their own kind; the rest of what stands on the deal is in its evidence events.
FIELD_FACTS = (Fact.DECISION_DATE_KNOWN, Fact.RESULTS_KNOWN, Fact.GO_LIVE_KNOWN)
_FIELDS = ", ".join(f"'{fact}'" for fact in FIELD_FACTS)
KNOWN_THEN = "least(%(as_of)s::timestamptz, %(known_at)s::timestamptz)"

# An imported meeting has no changes of its own: it was as it is, once it was written down.
WITHOUT_CHANGES = """CASE
    WHEN EXISTS (SELECT FROM crm_meetingchange told WHERE told.activity_id = activity.id) THEN NULL
    WHEN activity.recorded_at > %(known_at)s OR least(activity.created_at, activity.occurred_at) > %(as_of)s THEN NULL
    WHEN activity.outcome = '' OR (activity.outcome = 'held' AND activity.occurred_at > %(as_of)s) THEN 'scheduled'
    ELSE activity.outcome END"""

# One row a deal and code. `deal` is a table of the deals as they stood.
PROOFS_THEN = f"""
SELECT attestation.opportunity_id, 'criterion:' || version.criterion_id AS code
FROM pipeline_attestation attestation JOIN pipeline_criterionversion version ON version.id = attestation.criterion_version_id
WHERE attestation.at <= {KNOWN_THEN} AND (attestation.revoked_at IS NULL OR attestation.revoked_at > {KNOWN_THEN})
UNION ALL
SELECT link.opportunity_id, fact.code
FROM pipeline_opportunityactivity link JOIN crm_activity activity ON activity.id = link.activity_id
LEFT JOIN (
    SELECT DISTINCT ON (activity_id) activity_id, event FROM crm_meetingchange
    WHERE occurred_at <= %(as_of)s AND recorded_at <= %(known_at)s
    ORDER BY activity_id, occurred_at DESC, id DESC
) change ON change.activity_id = activity.id
JOIN (VALUES ('meeting_dated', 'scheduled'), ('meeting_dated', 'moved'), ('meeting_dated', 'held'),
    ('first_meeting_held', 'held')) AS fact(code, event) ON fact.event = coalesce(change.event, {WITHOUT_CHANGES})
WHERE activity.kind IN ('meeting', 'demo') AND (activity.archived_at IS NULL OR activity.archived_at > {KNOWN_THEN})
UNION ALL
SELECT step.opportunity_id, fact.code FROM pipeline_nextstep step
JOIN (VALUES ('closing_step_set', false), ('next_step_agreed', true)) AS fact(code, with_somebody)
    ON NOT fact.with_somebody OR step.agreed_with_id IS NOT NULL
WHERE step.created_at <= {KNOWN_THEN} AND (step.done_at IS NULL OR step.done_at > {KNOWN_THEN})
  AND (step.dropped_at IS NULL OR step.dropped_at > {KNOWN_THEN})
UNION ALL
SELECT assessment.opportunity_id, fact.code FROM pipeline_assessment assessment
JOIN (VALUES {ELEMENT_CODES}) AS fact(element, code) ON fact.element = assessment.element
WHERE assessment.level >= {Level.TOLD.value} AND assessment.at <= {KNOWN_THEN}
  AND (assessment.ended_at IS NULL OR assessment.ended_at > {KNOWN_THEN})
UNION ALL
SELECT opportunity_id, 'qualification_assessed' FROM pipeline_assessment
WHERE element IN ({QUALIFYING}) AND at <= {KNOWN_THEN} AND (ended_at IS NULL OR ended_at > {KNOWN_THEN})
GROUP BY opportunity_id HAVING count(*) = {len(QUALIFICATION)}
UNION ALL
SELECT person.opportunity_id, fact.code FROM (
    SELECT DISTINCT ON (event.opportunity_id, event.new->>'contact') event.opportunity_id, event.new->>'role' AS role,
        event.new->>'met_on' IS NOT NULL AS is_met, coalesce((event.new->>'left')::boolean, false) AS has_left
    FROM pipeline_opportunityevent event
    WHERE event.kind = '{EventKind.STAKEHOLDER}' AND event.new->>'role' IS NOT NULL
      AND event.occurred_at <= %(as_of)s AND event.recorded_at <= %(known_at)s
    ORDER BY event.opportunity_id, event.new->>'contact', event.occurred_at DESC, event.seq DESC
) person
JOIN (VALUES ('decision_maker_met', 'decision_maker', true), ('decision_maker_met', 'economic_buyer', true),
    ('economic_buyer_named', 'economic_buyer', false), ('champion_named', 'champion', false))
    AS fact(code, role, once_met) ON fact.role = person.role AND (person.is_met OR NOT fact.once_met)
WHERE NOT person.has_left
UNION ALL
SELECT said.opportunity_id, said.code FROM (
    SELECT DISTINCT ON (event.opportunity_id, coalesce(event.new, event.old)->>'code') event.opportunity_id,
        coalesce(event.new, event.old)->>'code' AS code, event.new IS NOT NULL AS is_known
    FROM pipeline_opportunityevent event
    WHERE event.kind = '{EventKind.EVIDENCE}' AND coalesce(event.new, event.old)->>'code' IN ({_FIELDS})
      AND coalesce(event.new, event.old)->>'attestation' IS NULL
      AND event.occurred_at <= %(as_of)s AND event.recorded_at <= %(known_at)s
    ORDER BY event.opportunity_id, coalesce(event.new, event.old)->>'code', event.occurred_at DESC, event.seq DESC
) said WHERE said.is_known
UNION ALL
SELECT told.opportunity_id, 'economics_checked' FROM (
    SELECT DISTINCT ON (event.opportunity_id, event.new->>'line', event.new->>'direct_cost') event.opportunity_id, event.new
    FROM pipeline_opportunityevent event
    WHERE event.kind = '{EventKind.ECONOMICS}' AND coalesce(event.new->>'line', event.new->>'direct_cost') IS NOT NULL
      AND event.occurred_at <= %(as_of)s AND event.recorded_at <= %(known_at)s
    ORDER BY event.opportunity_id, event.new->>'line', event.new->>'direct_cost', event.occurred_at DESC, event.seq DESC
) told
WHERE NOT coalesce((told.new->>'removed')::boolean, false)
GROUP BY told.opportunity_id
HAVING count(told.new->>'line') > 0 AND bool_and(CASE WHEN told.new->>'line' IS NULL THEN told.new->>'amount' IS NOT NULL
    ELSE told.new->>'price' IS NOT NULL AND told.new->>'cost' IS NOT NULL END)
UNION ALL
SELECT deal.id, fact.code FROM deal CROSS JOIN LATERAL (VALUES
    ('deal_type_known', deal.deal_type <> ''), ('amount_known', deal.amount IS NOT NULL),
    ('close_date_known', deal.expected_close_on IS NOT NULL)
) AS fact(code, is_known) WHERE fact.is_known
"""

# What a deal needed then to stand at each setpoint; ranks are those of today.
REQUIRED_THEN = """
SELECT setpoint.pipeline_id, setpoint.rank, version.deal_types,
    CASE version.evidence WHEN 'attested' THEN 'criterion:' || criterion.id ELSE version.check_code END AS code
FROM pipeline_setpoint setpoint
JOIN pipeline_criterion criterion ON criterion.setpoint_id = setpoint.id
JOIN pipeline_criterionversion version ON version.criterion_id = criterion.id
WHERE version.valid_from <= %(as_of)s AND (version.valid_until IS NULL OR version.valid_until > %(as_of)s)
  AND (criterion.retired_at IS NULL OR criterion.retired_at > %(as_of)s)
  AND (setpoint.retired_at IS NULL OR setpoint.retired_at > %(as_of)s)
"""
