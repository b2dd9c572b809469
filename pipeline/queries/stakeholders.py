"""Who takes part in the decision about a deal (P-10)."""

from django.db import connection
from django.db.models import OuterRef, Q, Subquery

from crm.enums import ActivityOutcome
from crm.models import Activity
from crm.policies.activities import TOUCHES
from crm.queries.names import contact_name
from crm.queries.organisation import ZONE
from pipeline.facts import StakeholderFacts

# A touch is our call, e-mail or meeting that took place with the person (D-25).
STAKEHOLDERS = f"""
WITH touch AS (
    SELECT activity.id, activity.contact_id, activity.occurred_at
    FROM pipeline_opportunityactivity link JOIN crm_activity activity ON activity.id = link.activity_id
    WHERE link.opportunity_id = %(deal)s AND activity.kind IN ('call', 'email', 'meeting', 'demo')
        AND activity.done_at IS NOT NULL AND activity.archived_at IS NULL AND activity.outcome <> 'no_show'
), touched AS (
    SELECT contact_id, max(occurred_at) AS at FROM (
        SELECT contact_id, occurred_at FROM touch WHERE contact_id IS NOT NULL
        UNION ALL
        SELECT participant.contact_id, touch.occurred_at
        FROM touch JOIN crm_activityparticipant participant ON participant.activity_id = touch.id
        WHERE participant.contact_id IS NOT NULL
    ) each_touch GROUP BY contact_id
)
SELECT contact.id, {contact_name("contact")}, contact.job_title, stakeholder.role, stakeholder.stance,
    stakeholder.influence, stakeholder.met_on, stakeholder.is_main, introducer.contact_id,
    (touched.at AT TIME ZONE {ZONE})::date, stakeholder.note
FROM pipeline_stakeholder stakeholder JOIN crm_contact contact ON contact.id = stakeholder.contact_id
LEFT JOIN pipeline_stakeholder introducer ON introducer.id = stakeholder.introduced_by_id AND introducer.left_at IS NULL
LEFT JOIN touched ON touched.contact_id = contact.id
WHERE stakeholder.opportunity_id = %(deal)s AND stakeholder.left_at IS NULL
ORDER BY stakeholder.is_main DESC, stakeholder.influence DESC NULLS LAST, contact.last_name, stakeholder.id
"""


def get_stakeholders(deal_id: int) -> list[StakeholderFacts]:
    """Return who takes part, the main contact first, then by influence; who left is not among them."""
    with connection.cursor() as cursor:
        cursor.execute(STAKEHOLDERS, {"deal": deal_id})
        return [StakeholderFacts(*row) for row in cursor.fetchall()]


def last_touches(deal_id: int) -> Subquery:
    """Return the annotation of people of a deal that tells when we last touched each, by the rule of `STAKEHOLDERS`."""
    touches = Activity.objects.filter(
        opportunity_links__opportunity_id=deal_id, kind__in=TOUCHES, done_at__isnull=False, archived_at=None
    ).exclude(outcome=ActivityOutcome.NO_SHOW)
    person = OuterRef("contact_id")
    theirs = touches.filter(Q(contact_id=person) | Q(participants__contact_id=person))
    return Subquery(theirs.order_by("-occurred_at").values("occurred_at")[:1])
