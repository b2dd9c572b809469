"""The three figures a manager's day opens with: the pipeline's value, the average deal, the win rate (LT-138)."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.lib.envelope import Envelope
from crm.models import Team, User
from reports.labels.definitions import figure_definition, figure_title
from reports.labels.figures import figure_note, figure_text
from reports.labels.qbrs import quarter_name
from reports.queries.figures import compute
from reports.queries.questions import Shared
from reports.views.beside import beside

# By slug, whether the figure is of the quarter; what is open is open now.
TRIO = {"open-value": False, "average-deal": True, "win-rate": True}


def get_trio(user: User, team: Team | None, *, shared: Shared, at: datetime) -> list[dict[str, Any]]:
    """Return each figure of the team with its period, its definition and its records; all teams' without a team."""
    rows = [compute(slug, user=user, team=team, at=at, shared=shared)[0] for slug in TRIO]
    return [
        {
            "title": figure_title(row.name),
            "definition": figure_definition(row.name),
            "definition_url": f"{reverse('reports:figure_list')}#figure-{row.name}",
            "value": figure_text(row.figure, currency=shared.organisation.currency),
            "note": ", ".join(filter(None, (figure_note(row.figure), _qualified(row, shared.organisation.currency)))),
            "period": quarter_name(row.filters["period"]) if TRIO[row.name] else _("Now"),
            "href": row.records_url if row.figure.ids else "",
        }
        for row in rows
    ]


def _qualified(row: Envelope, currency: str) -> str:
    """Return how much of what is open is qualified, which stands beside every total (EE-015)."""
    return beside(row, currency) if row.name == "open-value" else ""
