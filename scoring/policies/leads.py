"""What may be written on a lead, and what sending one back makes of it (S-1, D-27)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from crm.enums import Approach, Channel
from crm.lib.values import Refusal
from crm.policies.contact_details import normal_text
from crm.policies.erasure import NAME
from crm.policies.records import Cleaned, clean_contact
from scoring.enums import FINISHED_STATUSES, LeadStatus

OF_A_CONTACT = frozenset({"first_name", "last_name", "job_title", "seniority", "email", "country"})
LENGTHS = {"company": 300, "industry": 100, "phone": 20}
CHOICES = {"channel": Channel, "approach": Approach}
REFERENCES = frozenset({"source_id", "campaign_id", "owner_id", "account_id", "contact_id"})
EDITABLE = OF_A_CONTACT | set(LENGTHS) | set(CHOICES) | REFERENCES | {"employee_count", "technologies"}
LARGEST_COUNT = 2_147_483_647
# Sent back for these, a lead may come again; for any other reason it is out (D-27).
LONGEST_REST = timedelta(days=2 * 366)
COMES_AGAIN = frozenset({"not_now", "no_interest_yet"})
# Hosts that say nothing about where somebody works.
FREE_HOSTS = frozenset(
    {"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "proton.me",
     "protonmail.com", "gmx.com", "gmx.de", "web.de", "mail.ru", "yandex.ru"}
)  # fmt: skip


def is_erased(*, first_name: str, last_name: str, email: str | None) -> bool:
    """Whether a lead was erased on request: of such a one nothing is left but a name nobody bears."""
    return last_name == NAME and not first_name and email is None


def clean_lead(values: Mapping[str, Any]) -> Cleaned:
    """Return the values as they are stored, and why some cannot be; only the given fields are looked at."""
    cleaned, refusals = clean_contact({name: value for name, value in values.items() if name in OF_A_CONTACT})
    refusals += [Refusal.of("not_editable", field=name) for name in values if name not in EDITABLE]
    for name in LENGTHS.keys() & values.keys():
        cleaned[name] = normal_text(values[name])
        if len(cleaned[name]) > LENGTHS[name]:
            refusals.append(Refusal.of("too_long", field=name, limit=LENGTHS[name]))
    for name in CHOICES.keys() & values.keys():
        cleaned[name] = values[name] or ""
        if cleaned[name] not in ("", *CHOICES[name]):
            refusals.append(Refusal.of("unknown_value", field=name, value=str(values[name])[:50]))
    if "employee_count" in values:
        cleaned["employee_count"] = values["employee_count"]
        if not 0 <= (values["employee_count"] or 0) <= LARGEST_COUNT:
            refusals.append(Refusal.of("out_of_range", field="employee_count"))
    if "technologies" in values:
        named = (normal_text(name)[:100] for name in values["technologies"] or ())
        cleaned["technologies"] = list(dict.fromkeys(name for name in named if name))
    return cleaned | {name: values[name] for name in REFERENCES & values.keys()}, refusals


def status_after_rejection(reason_code: str) -> LeadStatus:
    """Return what a lead becomes when it is sent back for a reason."""
    return LeadStatus.RECYCLED if reason_code in COMES_AGAIN else LeadStatus.DISQUALIFIED


def recycling_refusals(*, reason_code: str, on: date | None, today: date) -> list[Refusal]:
    """Return why a lead sent back for a reason cannot come again on a day."""
    if on is None:
        return []
    if reason_code not in COMES_AGAIN:
        return [Refusal.of("comes_not_again", field="recycle_on")]
    if not today < on <= today + LONGEST_REST:
        return [Refusal.of("recycle_on_out_of_range", field="recycle_on")]
    return []


def conversion_refusals(
    *, status: str, has_company: bool, opens_deal: bool, has_first_meeting: bool, has_deal_type: bool
) -> list[Refusal]:
    """Return every reason a lead cannot become an account, a contact and a deal (D-17, D-35)."""
    refusals = []
    if status == LeadStatus.DISQUALIFIED:
        refusals.append(Refusal("disqualified"))
    if not has_company:
        refusals.append(Refusal.of("required", field="company"))
    if opens_deal and not has_first_meeting:
        refusals.append(Refusal.of("required", field="first_meeting_at"))
    if opens_deal and not has_deal_type:
        refusals.append(Refusal.of("required", field="deal_type"))
    return refusals


def deal_approach(*, approach: str, channel: str) -> str:
    """Return how the deal of a lead is approached: as the lead was, and as inbound where it came by itself (D-41)."""
    return approach or (Approach.INBOUND if channel == Channel.INBOUND else "")


def company_domain(email: str | None) -> str | None:
    """Return the host of an address where it says something about the company."""
    host = (email or "").rpartition("@")[2]
    return None if not host or host in FREE_HOSTS else host


def release_refusals(*, status: str) -> list[Refusal]:
    """Return why a waiting crossing cannot be handed over."""
    return [Refusal("finished")] if status in FINISHED_STATUSES else []
