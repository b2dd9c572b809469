"""Keeping what rules may ask of a lead, as it was at any time (S-3, D-26: fit as of then)."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection

# One row a change, of what the lead, its account and its contact say together. Nothing known is not written down.
NOTE = """
INSERT INTO scoring_leadknown (lead_id, valid_from, recorded_at, known)
SELECT fresh.lead_id, CASE WHEN last.known IS NULL THEN LEAST(fresh.created_at, %(at)s)
                           ELSE GREATEST(last.valid_from, %(at)s) END,
       CASE WHEN last.known IS NULL THEN LEAST(fresh.recorded_at, %(at)s) ELSE %(at)s END, fresh.known
FROM (
    SELECT lead.id AS lead_id, lead.created_at, lead.recorded_at, jsonb_strip_nulls(jsonb_build_object(
        'lead.industry', NULLIF(lead.industry, ''), 'lead.employee_count', lead.employee_count,
        'lead.country', NULLIF(lead.country, ''), 'lead.seniority', NULLIF(lead.seniority, 'unknown'),
        'lead.job_title', NULLIF(lead.job_title, ''), 'lead.company', NULLIF(lead.company, ''),
        'lead.technologies', CASE WHEN lead.technologies <> '{}' THEN to_jsonb(lead.technologies) END,
        'lead.channel', lead.channel, 'lead.source', source.code, 'lead.campaign', campaign.code,
        'lead.approach', NULLIF(lead.approach, ''),
        'lead.email_domain', NULLIF(split_part(COALESCE(lead.email, ''), '@', 2), ''),
        'account.industry', NULLIF(account.industry, ''), 'account.employee_count', account.employee_count,
        'account.annual_revenue', account.annual_revenue, 'account.country', NULLIF(account.country, ''),
        'account.city', NULLIF(account.city, ''), 'account.growth_stage', NULLIF(account.growth_stage, ''),
        'account.kind', account.kind,
        'account.technologies', CASE WHEN account.technologies <> '{}' THEN to_jsonb(account.technologies) END,
        'contact.seniority', NULLIF(contact.seniority, 'unknown'), 'contact.job_title', NULLIF(contact.job_title, ''),
        'contact.department', NULLIF(contact.department, ''), 'contact.persona', contact.persona_id::text,
        'contact.country', NULLIF(contact.country, ''), 'contact.language', NULLIF(contact.language, '')
    )) AS known
    FROM scoring_lead lead
    LEFT JOIN crm_source source ON source.id = lead.source_id
    LEFT JOIN crm_campaign campaign ON campaign.id = lead.campaign_id
    LEFT JOIN crm_account account ON account.id = lead.account_id
    LEFT JOIN crm_contact contact ON contact.id = lead.contact_id
    WHERE lead.id = ANY(%(leads)s)
) fresh
LEFT JOIN LATERAL (
    SELECT known, valid_from FROM scoring_leadknown WHERE lead_id = fresh.lead_id ORDER BY valid_from DESC, id DESC LIMIT 1
) last ON TRUE
WHERE fresh.known IS DISTINCT FROM COALESCE(last.known, '{}'::jsonb)
"""


def note_known(*, lead_ids: Collection[int], at: datetime) -> int:
    """Write down what is known of some locked leads where it differs from what was; return how many it was.

    What was known first holds from when the lead came to be; later changes hold from `at`, but never from before the last
    one: who waited for the lock has read its clock earlier, and knows what the other wrote.
    """
    with connection.cursor() as cursor:
        cursor.execute(NOTE, {"leads": list(lead_ids), "at": at})
        return int(cursor.rowcount)
