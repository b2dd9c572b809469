"""What sales says of the leads it was handed, and what they became: for marketing and sales alike (S-11, LT-069, LT-074)."""

from dataclasses import replace
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.lib import formats
from crm.lib.http import page
from crm.views.answers import render_target
from reports.forms import FilterForm
from reports.labels.figures import DIMENSIONS
from reports.labels.qbrs import days_between
from reports.queries.catalogue import CATALOGUE
from reports.queries.figures import compute, default_period, read_shared
from reports.queries.words import get_code_names
from reports.views.feedback_tables import Answer, Table, contribution, mix, rules, sent_back, yields
from reports.views.qbrs import require_reader

SPLITS = ("source", "campaign", "content_type", "channel", "owner", "version", "band")
CONTRIBUTIONS = ("source", "campaign", "content_type", "owner")


@page
def feedback(request: HttpRequest) -> HttpResponse:
    """Show what leads became and why they came back, by where they came from and by rule."""
    require_reader(request)
    form, at, by = FilterForm(request.GET, user=request.user), timezone.now(), request.GET.get("by", "")
    by, asked, shared = by if by in SPLITS else "source", form.asked(), read_shared()
    today, fiscal_start = shared.local_date(asked["as_of"] or at), shared.organisation.fiscal_year_start_month
    period = asked["period"] or default_period(CATALOGUE["lead-yield"], on=today, fiscal_start=fiscal_start)
    answer = partial(compute, user=request.user, at=at, shared=shared, **{**asked, "period": period})
    context = {
        "form": form,
        "by": by,
        "splits": [(code, DIMENSIONS[code]) for code in SPLITS],
        "finding": finding(answer),
        "period_words": days_between(period.start, period.last_day),
        "tables": tables(answer, by, shared.organisation.currency),
    }
    return render_target(request, "reports/feedback.html", {"feedback": "feedback"}, context)


def tables(answer: Answer, by: str, currency: str) -> list[Table]:
    """Return the tables of the page, those of many columns first."""
    names = get_code_names()
    wide = [yields(answer, by, names, currency), sent_back(answer, by, names), rules(answer, names)]
    narrow = [contribution(answer, each, names, currency) for each in CONTRIBUTIONS]
    return [*(replace(table, is_wide=True) for table in wide), *narrow, mix(answer)]


def finding(answer: Answer) -> str:
    """Return the sentence the page opens with."""
    known = answer("lead-yield")[0].figure.detail
    words = _("%(entered)s leads crossed the threshold: %(accepted)s accepted, %(qualified)s qualified, %(won)s won.")
    return words % {name: formats.number(known[name]) for name in ("entered", "accepted", "qualified", "won")}
