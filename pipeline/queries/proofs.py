"""What proves facts of deals, as pieces of SQL for whole sets of deals (P-2, P-4).

`pipeline.queries.evidence` tells of the same rows what a person reads; a test holds the two together.
"""

# One row a deal and code of a fact that something proves; a fact that is attested goes by its criterion.
# `{deals}` narrows every part to some deals by their id.
PROOFS = """
SELECT attestation.opportunity_id, 'criterion:' || version.criterion_id AS code
FROM pipeline_attestation attestation
JOIN pipeline_criterionversion version ON version.id = attestation.criterion_version_id
WHERE attestation.revoked_at IS NULL AND attestation.opportunity_id IN ({deals})
UNION ALL
SELECT link.opportunity_id, fact.code
FROM pipeline_opportunityactivity link JOIN crm_activity activity ON activity.id = link.activity_id
JOIN (VALUES ('meeting_dated', ''), ('meeting_dated', 'moved'), ('meeting_dated', 'held'), ('first_meeting_held', 'held'))
    AS fact(code, outcome) ON fact.outcome = activity.outcome
WHERE activity.kind IN ('meeting', 'demo') AND activity.archived_at IS NULL AND link.opportunity_id IN ({deals})
UNION ALL
SELECT step.opportunity_id, fact.code
FROM pipeline_nextstep step
JOIN (VALUES ('closing_step_set', false), ('next_step_agreed', true)) AS fact(code, with_somebody)
    ON NOT fact.with_somebody OR step.agreed_with_id IS NOT NULL
WHERE step.done_at IS NULL AND step.dropped_at IS NULL AND step.opportunity_id IN ({deals})
UNION ALL
SELECT deal.id, fact.code
FROM pipeline_opportunity deal CROSS JOIN LATERAL (VALUES
    ('deal_type_known', deal.deal_type <> ''), ('decision_date_known', deal.decision_on IS NOT NULL)
) AS fact(code, is_known)
WHERE fact.is_known AND deal.id IN ({deals})
"""

# What a deal needs to stand at each setpoint, by the code of its proof; of setpoints and criteria in use.
REQUIRED = """
SELECT setpoint.pipeline_id, setpoint.rank, version.deal_types,
    CASE version.evidence WHEN 'attested' THEN 'criterion:' || criterion.id ELSE version.check_code END AS code
FROM pipeline_setpoint setpoint
JOIN pipeline_criterion criterion ON criterion.setpoint_id = setpoint.id AND criterion.retired_at IS NULL
JOIN pipeline_criterionversion version ON version.criterion_id = criterion.id AND version.valid_until IS NULL
WHERE setpoint.retired_at IS NULL
"""
