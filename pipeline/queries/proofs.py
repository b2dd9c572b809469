"""What proves facts of deals, as pieces of SQL: for one deal's page, for a move, and for all deals in one pass (P-2, P-4).

A fact that is attested goes by its criterion, so that what was said stays said when the criterion is worded anew; all
others go by their code. What nobody asks of a row is left out by the planner, the joins to its names among it.
"""

from crm.queries.names import contact_name, user_name
from crm.queries.organisation import ZONE
from pipeline.enums import ELEMENT_FACTS, QUALIFICATION, Level

NAMES = """
LEFT JOIN crm_contact contact ON contact.id = {contact} LEFT JOIN crm_user person ON person.id = {by}
"""
WHO = f"{contact_name('contact')} AS said_by, {user_name('person')} AS by_name"
NOBODY = "'' AS said_by, '' AS by_name"
ELEMENT_CODES = ", ".join(f"('{element}', '{fact}')" for element, fact in ELEMENT_FACTS.items())
QUALIFYING = ", ".join(f"'{element}'" for element in QUALIFICATION)

# Each table is narrowed to the deals before it is joined (OFFSET 0): within a large import the planner takes tables for
# empty, and would join all of them first.
# One row a deal and fact that something proves, with what a person would point at. `{deals}` are the ids of the deals.
# A meeting that is ahead or was held stands, where nobody came a new day is to be found first; its day is the
# organisation's: moves keep it, and it is the same whoever moves. A step that nobody at the customer's agreed to is none
# that was agreed (RU-027). The economics are checked once every price and every direct cost is known (EE-053).
PROOFS = f"""
SELECT attestation.opportunity_id, 'criterion:' || version.criterion_id AS code, attestation.said_on AS on_day,
    attestation.note, {WHO}, attestation.id AS attestation_id, attestation.id AS record_id, attestation.at AS moment
FROM (SELECT * FROM pipeline_attestation WHERE opportunity_id IN ({{deals}}) OFFSET 0) attestation
JOIN pipeline_criterionversion version ON version.id = attestation.criterion_version_id
{NAMES.format(contact="attestation.contact_id", by="attestation.by_id")}
WHERE attestation.revoked_at IS NULL
UNION ALL
SELECT link.opportunity_id, fact.code, (activity.occurred_at AT TIME ZONE {ZONE})::date, activity.subject, {NOBODY},
    NULL, activity.id, activity.occurred_at
FROM (SELECT * FROM pipeline_opportunityactivity WHERE opportunity_id IN ({{deals}}) OFFSET 0) link
JOIN crm_activity activity ON activity.id = link.activity_id
JOIN (VALUES ('meeting_dated', ''), ('meeting_dated', 'moved'), ('meeting_dated', 'held'), ('first_meeting_held', 'held'))
    AS fact(code, outcome) ON fact.outcome = activity.outcome
WHERE activity.kind IN ('meeting', 'demo') AND activity.archived_at IS NULL
UNION ALL
SELECT step.opportunity_id, fact.code, step.due_on, step.purpose, {contact_name("contact")}, '', NULL, step.id, step.due_on
FROM (SELECT * FROM pipeline_nextstep WHERE opportunity_id IN ({{deals}}) OFFSET 0) step
LEFT JOIN crm_contact contact ON contact.id = step.agreed_with_id
JOIN (VALUES ('closing_step_set', false), ('next_step_agreed', true)) AS fact(code, with_somebody)
    ON NOT fact.with_somebody OR step.agreed_with_id IS NOT NULL
WHERE step.done_at IS NULL AND step.dropped_at IS NULL
UNION ALL
SELECT assessment.opportunity_id, fact.code, assessment.said_on, assessment.note, {WHO}, NULL, assessment.id, assessment.at
FROM (SELECT * FROM pipeline_assessment WHERE opportunity_id IN ({{deals}}) OFFSET 0) assessment
JOIN (VALUES {ELEMENT_CODES}) AS fact(element, code)
    ON fact.element = assessment.element
{NAMES.format(contact="assessment.contact_id", by="assessment.by_id")}
WHERE assessment.ended_at IS NULL AND assessment.level >= {Level.TOLD.value}
UNION ALL
SELECT opportunity_id, 'qualification_assessed', max(said_on), '', {NOBODY}, NULL, max(id), max(at)
FROM pipeline_assessment
WHERE ended_at IS NULL AND element IN ({QUALIFYING}) AND opportunity_id IN ({{deals}})
GROUP BY opportunity_id HAVING count(*) = {len(QUALIFICATION)}
UNION ALL
SELECT line.opportunity_id, 'economics_checked', NULL, '', {NOBODY}, NULL, max(line.id), NULL
FROM pipeline_opportunityline line
WHERE line.removed_at IS NULL AND line.opportunity_id IN ({{deals}})
GROUP BY line.opportunity_id
HAVING bool_and(line.price IS NOT NULL AND line.cost IS NOT NULL) AND NOT EXISTS (
    SELECT FROM pipeline_opportunitycost cost
    WHERE cost.opportunity_id = line.opportunity_id AND cost.removed_at IS NULL AND cost.amount IS NULL)
UNION ALL
SELECT stakeholder.opportunity_id, fact.code, stakeholder.met_on, stakeholder.note, {contact_name("contact")}, '', NULL,
    stakeholder.id, stakeholder.met_on
FROM (SELECT * FROM pipeline_stakeholder WHERE opportunity_id IN ({{deals}}) OFFSET 0) stakeholder
LEFT JOIN crm_contact contact ON contact.id = stakeholder.contact_id
JOIN (VALUES ('decision_maker_met', 'decision_maker', true), ('decision_maker_met', 'economic_buyer', true),
    ('economic_buyer_named', 'economic_buyer', false), ('champion_named', 'champion', false))
    AS fact(code, role, once_met)
    ON fact.role = stakeholder.role AND (stakeholder.met_on IS NOT NULL OR NOT fact.once_met)
WHERE stakeholder.left_at IS NULL
UNION ALL
SELECT deal.id, fact.code, fact.on_day, fact.note, {NOBODY}, NULL, deal.id, NULL
FROM pipeline_opportunity deal CROSS JOIN LATERAL (VALUES
    ('deal_type_known', deal.deal_type <> '', NULL::date, deal.deal_type),
    ('amount_known', deal.amount IS NOT NULL, NULL, ''),
    ('close_date_known', deal.expected_close_on IS NOT NULL, deal.expected_close_on, ''),
    ('decision_date_known', deal.decision_on IS NOT NULL, deal.decision_on, ''),
    ('results_known', deal.required_results <> '', NULL, deal.required_results),
    ('go_live_known', deal.go_live_on IS NOT NULL, deal.go_live_on, '')
) AS fact(code, is_known, on_day, note)
WHERE fact.is_known AND deal.id IN ({{deals}})
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
