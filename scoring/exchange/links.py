"""What leads add to deals and activities from a file (D-12, D-40, D-48)."""

from typing import ClassVar

from crm.exchange import fields as f
from crm.exchange.fields import Field
from crm.exchange.kinds import Extension, Result, Row, Run, live
from scoring.commands.imports import ConversionRow, import_conversions, link_lead_activities
from scoring.exchange.references import refresh_touched, resolve_leads, touched
from scoring.models import Lead
from scoring.policies.leads import deal_approach
from scoring.queries.imports import get_conversions, get_leads_by_id

CARRIED = ("account", "owner", "contact", "source", "campaign")


class DealLeads(Extension):
    """Adds `lead` to deals: the deal takes from its lead what the row leaves out, and the lead is converted."""

    kind: ClassVar[str] = "opportunities"
    fields: ClassVar[tuple[Field, ...]] = (f.text("lead", 254),)

    def resolve(self, rows: list[Row], run: Run) -> None:
        """Resolve the leads of a batch."""
        resolve_leads(rows)
        lead_ids = {row.ids["lead"] for row in live(rows) if "lead" in row.ids}
        leads, deals = get_leads_by_id(lead_ids), get_conversions(lead_ids)
        seen: dict[int, Row] = {}
        for row in live(rows):
            if "lead" not in row.ids:
                continue
            deal_id = deals.get(row.ids["lead"])
            if seen.setdefault(row.ids["lead"], row) is not row:
                row.refuse("duplicate_in_file", field="lead", row=seen[row.ids["lead"]].number)
            elif row.ids["lead"] in deals and deal_id != row.known_id:
                row.refuse("lead_has_deal", field="lead", deal=f"#{deal_id}")
            else:
                _carry(row, leads[row.ids["lead"]])
                row.ids["converts"] = row.ids["lead"] not in deals

    def written(self, rows: list[Row], run: Run) -> None:
        """Record what the leads of a batch became."""
        import_conversions(
            rows=[
                ConversionRow(
                    lead_id=row.ids["lead"],
                    opportunity_id=row.record_id or 0,
                    account_id=row.ids.get("account"),
                    contact_id=row.ids.get("contact"),
                    at=row.values.get("created_at", run.at),
                )
                for row in rows
                if row.ids.get("converts")
            ],
            by=run.by,
            at=run.at,
        )


def _carry(row: Row, lead: Lead) -> None:
    for name in CARRIED:
        if (found := getattr(lead, f"{name}_id")) is not None:
            row.ids.setdefault(name, found)
    row.ids["lead_created_at"] = lead.created_at
    if approach := deal_approach(approach=lead.approach, channel=lead.channel):
        row.ids["approach"] = approach


class ActivityLeads(Extension):
    """Adds `lead` to activities: account and contact follow from it, and so does the deal it became."""

    kind: ClassVar[str] = "activities"
    fields: ClassVar[tuple[Field, ...]] = (f.text("lead", 254, repeats=True),)

    def resolve(self, rows: list[Row], run: Run) -> None:
        """Resolve the leads of a batch."""
        resolve_leads(rows)
        lead_ids = {row.ids["lead"] for row in live(rows) if "lead" in row.ids}
        leads, deals = get_leads_by_id(lead_ids), get_conversions(lead_ids)
        for row in live(rows):
            if "lead" not in row.ids:
                continue
            lead = leads[row.ids["lead"]]
            for name, found in (
                ("account", lead.account_id),
                ("contact", lead.contact_id),
                ("opportunity", deals.get(lead.pk)),
            ):
                if found is not None:
                    row.ids.setdefault(name, found)

    def written(self, rows: list[Row], run: Run) -> None:
        """Link the activities of a batch; a customer's action ends a lead's silence (D-25)."""
        linked = [row for row in rows if "lead" in row.ids]
        pairs = [(row.ids["lead"], row.record_id or 0, row.result) for row in linked]
        link_lead_activities(
            new=[(lead, activity) for lead, activity, result in pairs if result is Result.CREATED],
            known=[(lead, activity) for lead, activity, result in pairs if result is not Result.CREATED],
        )
        touched(run).update(row.ids["lead"] for row in linked)

    def finish(self, run: Run) -> None:
        """Replay the leads whose silence may have ended."""
        refresh_touched(run)


class _LinkedLeads(Extension):
    """The leads of what is imported, whose fit follows it."""

    column: ClassVar[str]

    def written(self, rows: list[Row], run: Run) -> None:
        """Note the leads of the records that were written."""
        linked = Lead.objects.filter(**{f"{self.column}__in": [row.record_id for row in rows]}, merged_into=None)
        touched(run).update(linked.values_list("pk", flat=True))

    def finish(self, run: Run) -> None:
        """Bring their scores up to date."""
        refresh_touched(run)


class AccountFacts(_LinkedLeads):
    """What an imported company says of its leads."""

    kind = "accounts"
    column = "account_id"


class ContactFacts(_LinkedLeads):
    """What an imported person says of the leads they are."""

    kind = "contacts"
    column = "contact_id"
