"""Leads and events as Marketo, HubSpot and Mautic keep them: each comes in once, at its time, as what it was."""

import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crm.exchange.run import Options, import_file
from scoring.commands.event_types import add_event_type
from scoring.models import Lead, LeadEvent
from tests.exchange.importing import AT, reasons
from tests.factories.crm import UserFactory

MAPPINGS = Path(__file__).parents[2] / "crm" / "exchange" / "mappings"
FILES = Path(__file__).parents[1] / "data" / "marketing"
SHARED = Path(os.environ.get("SETPOINT_SHARED") or Path(__file__).parents[3] / "shared") / "data"
# system, then kind, file, mapping, how many it makes, and the rows that are answered with why they are not taken
LOADS: dict[str, list[tuple[str, str, str, int, list[tuple[int, str, str]]]]] = {
    "marketo": [
        ("leads", "lead", "leads", 1, [(3, "email", "not_an_email")]),
        (
            "lead-events", "activity_open_email", "opens", 2,
            [
                (4, "lead_id", "unknown_reference"), (5, "activity_type_id", "not_allowed"),
                (6, "activity_date", "not_a_moment"), (7, "idempotency_key", "duplicate_in_file"),
            ],
        ),
        ("lead-events", "activity_click_email", "clicks", 3, []),
        ("lead-events", "activity_unsubscribe_email", "unsubscribes", 1, []),
        ("lead-events", "activity_email_bounced", "bounces", 0, [(2, "activity_type_id", "not_allowed")]),
    ],
    "hubspot": [
        ("leads", "contact", "contacts", 1, [(4, "property_email", "not_an_email")]),
        (
            "lead-events", "email_event", "email-events", 3,
            [(6, "type", "not_allowed"), (7, "recipient", "unknown_reference")],
        ),
        ("lead-events", "contact_form_submission", "form-submissions", 2, []),
    ],
    "mautic": [
        ("leads", "leads", "contacts", 1, []),
        ("lead-events", "page_hits", "page-hits", 2, [(4, "lead_id", "unknown_reference")]),
        ("lead-events", "email_stats", "email-reads", 1, []),
        ("lead-events", "form_submissions", "form-submissions", 1, []),
        ("lead-events", "asset_downloads", "downloads", 1, []),
        ("lead-events", "lead_donotcontact", "unsubscribes", 1, []),
    ],
}  # fmt: skip
EVENTS = {
    "marketo": [
        ("marketo:100001", "email_opened", datetime(2026, 2, 1, 22, 30, 15, 250_000, tzinfo=UTC), ""),
        ("marketo:100002", "email_opened", datetime(2026, 2, 1, 22, 31, tzinfo=UTC), "bot"),
        ("marketo:100011", "email_clicked", datetime(2026, 2, 1, 22, 35, tzinfo=UTC), ""),
        ("marketo:100012", "email_clicked", datetime(2026, 2, 3, 9, 0, tzinfo=UTC), "scanner"),
        ("marketo:100013", "email_clicked", datetime(2026, 2, 3, 9, 0, 1, tzinfo=UTC), "scanner"),
        ("marketo:100021", "unsubscribed", datetime(2026, 2, 4, 3, 2, 52, tzinfo=UTC), ""),
    ],
    "hubspot": [
        ("hubspot:email:a1", "email_opened", datetime(2026, 2, 10, 19, 3, 20, 357_000, tzinfo=UTC), ""),
        ("hubspot:email:a2", "email_opened", datetime(2026, 2, 10, 19, 3, 21, tzinfo=UTC), "bot"),
        ("hubspot:email:a3", "email_clicked", datetime(2026, 2, 10, 19, 5, tzinfo=UTC), ""),
        ("hubspot:form:901", "form_submitted", datetime(2026, 2, 11, 10, 20, tzinfo=UTC), ""),
        ("hubspot:form:902", "demo_requested", datetime(2026, 2, 12, 14, 5, tzinfo=UTC), ""),
    ],
    "mautic": [
        ("mautic:hit:1", "page_viewed", datetime(2026, 1, 18, 21, 0, tzinfo=UTC), ""),
        ("mautic:read:1", "email_opened", datetime(2026, 1, 19, 20, 59, tzinfo=UTC), ""),
        ("mautic:hit:2", "email_clicked", datetime(2026, 1, 19, 21, 0, tzinfo=UTC), ""),
        ("mautic:form:1", "form_submitted", datetime(2026, 1, 20, 10, 0, tzinfo=UTC), ""),
        ("mautic:download:1", "whitepaper_downloaded", datetime(2026, 1, 21, 10, 0, tzinfo=UTC), ""),
        ("mautic:unsubscribed:1", "unsubscribed", datetime(2026, 2, 1, 8, 0, tzinfo=UTC), ""),
    ],
}
# The seeds beside the project: their people are known to few of their own files, and their addresses are hashed.
SEEDS = {
    "marketo_fivetran_seeds": [
        ("leads", "marketo_lead_data", "marketo/leads", 100),
        ("leads", "marketo_activity_open_email_data", "marketo/people-of-activities", None),
        ("leads", "marketo_activity_click_email_data", "marketo/people-of-activities", None),
        ("leads", "marketo_activity_unsubscribe_email_data", "marketo/people-of-activities", None),
        ("leads", "marketo_activity_email_bounced_data", "marketo/people-of-activities", None),
        ("lead-events", "marketo_activity_open_email_data", "marketo/opens", 100),
        ("lead-events", "marketo_activity_click_email_data", "marketo/clicks", 100),
        ("lead-events", "marketo_activity_unsubscribe_email_data", "marketo/unsubscribes", 100),
        ("lead-events", "marketo_activity_email_bounced_data", "marketo/bounces", 100),
    ],
    "hubspot_fivetran_seeds": [
        ("leads", "contact_data", "hubspot/contacts-without-email", 22),
        ("leads", "email_event_data", "hubspot/people-of-emails", 19),
        ("leads", "contact_form_submission_data", "hubspot/people-of-forms", 5),
        ("lead-events", "email_event_data", "hubspot/email-events", 90),
        ("lead-events", "contact_form_submission_data", "hubspot/form-submissions", 5),
    ],
}


def load(kind: str, path: Path, mapping: str, **options: Any) -> Any:
    return import_file(
        kind, path, mapping_path=MAPPINGS / f"{mapping}.json", options=Options(**options), by=None, at=AT
    )


@pytest.mark.django_db
@pytest.mark.parametrize("system", LOADS)
def test_leads_and_events_of_a_system_come_in_once_and_bad_rows_are_answered(system: str) -> None:
    for makes in (True, False):
        for kind, file, mapping, created, bad in LOADS[system]:
            report = load(kind, FILES / system / f"{file}.csv", f"{system}/{mapping}", on_error="skip")
            assert (report.counts.created, report.counts.updated) == (created if makes else 0, 0), file
            assert report.counts.unchanged == (0 if makes else created), file
            assert sorted(reasons(report)) == bad
    lead = Lead.objects.get()
    stored = LeadEvent.objects.order_by("occurred_at").values_list(
        "idempotency_key", "type", "occurred_at", "not_counted"
    )
    assert list(stored) == [(f"lead-events:{key}", *rest) for key, *rest in EVENTS[system]]
    assert set(LeadEvent.objects.values_list("lead", flat=True)) == {lead.pk}
    assert LeadEvent.objects.get(idempotency_key=f"lead-events:{EVENTS[system][0][0]}").properties


@pytest.mark.django_db
@pytest.mark.parametrize("seeds", SEEDS)
def test_seeds_beside_the_project_come_in_whole_and_once(seeds: str) -> None:
    if not (SHARED / seeds).is_dir():
        pytest.skip(f"the {seeds} are not beside the project (SETPOINT_SHARED)")
    add_event_type(code="email_bounced", name="E-mail bounced", qualifies=False, by=UserFactory(marketing=True), at=AT)
    made: Counter[str] = Counter()
    for kind, file, mapping, created in SEEDS[seeds]:
        report = load(kind, SHARED / seeds / f"{file}.csv", mapping)
        assert report.counts.rejected == 0, report.rejects[:3]
        assert created in (None, report.counts.created), file
        made[kind] += report.counts.created
    assert (Lead.objects.count(), LeadEvent.objects.count()) == (made["leads"], made["lead-events"])
    before = list(LeadEvent.objects.order_by("pk").values())
    for kind, file, mapping, _ in SEEDS[seeds]:
        report = load(kind, SHARED / seeds / f"{file}.csv", mapping)
        assert (report.counts.created, report.counts.updated, report.counts.rejected) == (0, 0, 0), file
    assert list(LeadEvent.objects.order_by("pk").values()) == before
