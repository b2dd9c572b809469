"""The deal an imported activity belongs to (D-12)."""

from typing import ClassVar

from crm.exchange import fields as f
from crm.exchange.fields import Field
from crm.exchange.kinds import Extension, Result, Row, Run
from pipeline.commands.imports.links import link_activities
from pipeline.exchange.references import resolve_opportunities
from pipeline.queries.imports import get_deal_places


class ActivityDeals(Extension):
    """Adds `opportunity` to activities; account and contact follow from the deal where the row is silent."""

    kind: ClassVar[str] = "activities"
    fields: ClassVar[tuple[Field, ...]] = (f.text("opportunity", repeats=True),)

    def resolve(self, rows: list[Row], run: Run) -> None:
        """Resolve the deals of a batch."""
        resolve_opportunities(rows)
        places = get_deal_places({row.ids["opportunity"] for row in rows if "opportunity" in row.ids})
        for row in rows:
            account_id, contact_id = places.get(row.ids.get("opportunity", 0), (None, None))
            if account_id:
                row.ids.setdefault("account", account_id)
            if contact_id:
                row.ids.setdefault("contact", contact_id)

    def written(self, rows: list[Row], run: Run) -> None:
        """Link the activities of a batch to their deals."""
        linked = [row for row in rows if "opportunity" in row.ids]
        pairs = [(row.ids["opportunity"], row.record_id or 0, row.result) for row in linked]
        link_activities(
            new=[(deal, activity) for deal, activity, result in pairs if result is Result.CREATED],
            known=[(deal, activity) for deal, activity, result in pairs if result is not Result.CREATED],
            changed=[row.record_id for row in rows if row.record_id and row.result is Result.UPDATED],
            at=run.at,
        )
