"""The words for this app's codes, and the sentences for its refusals (D-6, DESIGN.md 8)."""

from crm.labels.calendars import CALENDAR_REFUSALS
from crm.labels.closed_lists import (
    ACCOUNT_KINDS,
    ACTIVITY_CHANNELS,
    ACTIVITY_KINDS,
    ACTIVITY_OUTCOMES,
    BURNERS,
    CHANNELS,
    DIRECTIONS,
    INSIGHT_KINDS,
    INSIGHT_LISTS,
    LAWFUL_BASES,
    OBSTACLES,
    ROLES,
    SENIORITIES,
    THEMES,
    TOKEN_SCOPES,
    WEEKDAYS,
    choices,
)
from crm.labels.records import field_label, model_label
from crm.labels.refusals import REFUSALS, refusal_sentence

__all__ = [
    "ACCOUNT_KINDS",
    "ACTIVITY_CHANNELS",
    "ACTIVITY_KINDS",
    "ACTIVITY_OUTCOMES",
    "BURNERS",
    "CALENDAR_REFUSALS",
    "CHANNELS",
    "DIRECTIONS",
    "INSIGHT_KINDS",
    "INSIGHT_LISTS",
    "LAWFUL_BASES",
    "OBSTACLES",
    "REFUSALS",
    "ROLES",
    "SENIORITIES",
    "THEMES",
    "TOKEN_SCOPES",
    "WEEKDAYS",
    "choices",
    "field_label",
    "model_label",
    "refusal_sentence",
]
