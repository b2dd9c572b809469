"""The nouns everyone refers to."""

from crm.models.accounts import Account, CustomerPeriod
from crm.models.activities import Activity, ActivityParticipant, MeetingChange
from crm.models.api import ApiToken, IdempotencyKey
from crm.models.calendars import Absence, Holiday
from crm.models.contacts import Contact
from crm.models.erasures import Erasure
from crm.models.imports import ImportedRow, ImportRun
from crm.models.insights import AccountInsight
from crm.models.jobs import Job, WorkerHeartbeat
from crm.models.organisation import (
    ExchangeRate,
    FeatureSwitch,
    Organisation,
    OrganisationTimeZone,
)
from crm.models.people import RoleGrant, Team, TeamMembership, User
from crm.models.personas import Persona
from crm.models.reasons import Reason
from crm.models.sources import Campaign, Source

__all__ = [
    "Absence",
    "Account",
    "AccountInsight",
    "Activity",
    "ActivityParticipant",
    "ApiToken",
    "Campaign",
    "Contact",
    "CustomerPeriod",
    "Erasure",
    "ExchangeRate",
    "FeatureSwitch",
    "Holiday",
    "IdempotencyKey",
    "ImportRun",
    "ImportedRow",
    "Job",
    "MeetingChange",
    "Organisation",
    "OrganisationTimeZone",
    "Persona",
    "Reason",
    "RoleGrant",
    "Source",
    "Team",
    "TeamMembership",
    "User",
    "WorkerHeartbeat",
]
