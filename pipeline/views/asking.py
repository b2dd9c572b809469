"""The sheet by which something is asked or said about a deal: a title, what it means, its fields, one button."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from crm.forms.records import RecordForm
from crm.views.answers import WRONG, render_part
from pipeline.models import Opportunity


def show_sheet(
    request: HttpRequest, deal: Opportunity, form: RecordForm, *, title: str, text: str, button: str, nobody: str = "",
    home: str = "", policies: Sequence[dict[str, str]] = (), status: int | None = None,
) -> HttpResponse:  # fmt: skip
    """Show the sheet; what was sent and comes back was wrong.

    `nobody` says why nobody can be chosen, where that is so; `policies` stand beside how much is asked; `home` is where
    it leads back to, by default the deal.
    """
    home = home or reverse("pipeline:deal_detail", args=[deal.pk])
    context = {
        "deal": deal,
        "home": home,
        "form": form,
        "title": title,
        "text": text,
        "button": button,
        "nobody": nobody,
    }
    status = status or (WRONG if form.is_bound else 200)
    return render_part(request, "pipeline/deal_ask.html", "ask_sheet", {**context, "policies": policies}, status=status)
