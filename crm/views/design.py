"""The page that shows every component in its states, for people who build pages and for the tests of the look."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from crm.lib import formats
from crm.lib.charts import Bar, Line, Point
from crm.lib.http import page
from crm.lib.values import Money
from crm.queries.access import get_access


class ExampleForm(forms.Form):
    """Fields in the states a form can be in."""

    account = forms.CharField(initial="Viljandi Dairy Group")
    amount = forms.CharField()
    closes_on = forms.CharField(label="Expected close")
    setpoint = forms.ChoiceField(choices=[("25", "25%"), ("50", "50%")])
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), required=False)
    agreed = forms.BooleanField(label="Agreed with the buyer", required=False)

    def clean_amount(self) -> str:
        """Refuse, so that the error state has something to show."""
        raise forms.ValidationError("Write it as 36,000 or 36000.")

    def clean_closes_on(self) -> str:
        """Refuse, so that the error state has something to show."""
        raise forms.ValidationError("This date is in the past.")


class Named:
    """Somebody or something with a name and a key, for the avatars."""

    def __init__(self, pk: int, name: str) -> None:
        self.pk, self.name = pk, name

    def __str__(self) -> str:
        return self.name


@page
def components(request: HttpRequest) -> HttpResponse:
    """Show the components in both themes; for administrators, and for everybody while developing."""
    if not settings.DEBUG and not get_access(request.user).is_admin:
        raise Http404
    return render(request, "_design/components.html", examples())


def examples() -> dict[str, Any]:
    """Return values for every component."""
    now = formats.now()
    wrong = ExampleForm(
        {"account": "Viljandi Dairy Group", "amount": "36.000,00 €", "closes_on": "3 Nov", "setpoint": "25"}
    )
    wrong.is_valid()
    return {
        "themes": ["light", "dark"],
        "form": ExampleForm(auto_id="rest_%s"),
        "wrong": wrong,
        "people": [
            Named(n, name)
            for n, name in enumerate(
                ["Liis Tamm", "Mantas Kazlauskas", "Olga Sokolova", "Aino Dahl", "Katrin Saar", "Jonas Vaitkus"]
            )
        ],
        "company": Named(1, "Baltvilla Foods"),
        "now": now,
        "soon": {
            "late": now - timedelta(minutes=20),
            "bad": now + timedelta(minutes=12),
            "warn": now + timedelta(minutes=55),
            "calm": now + timedelta(minutes=130),
        },
        "started": now - timedelta(hours=2),
        "price": Money(Decimal("1328500"), "EUR"),
        "loss": Money(Decimal("-8400.50"), "EUR"),
        "path": PATH,
        "gauges": [(4, 8, "sp-0"), (11, 9, "sp-2"), (5, 5, "sp-4"), (5, 3, "sp-6"), (0, 8, "sp-0")],
        "steps": STEPS,
        "ways": WAYS,
        "rows": WHY_ROWS,
        "parts": [
            {"label": "What they did", "value": 50, "kind": "did"},
            {"label": "Who they are", "value": 36, "kind": "are"},
        ],
        **chart_examples(),
    }


def chart_examples() -> dict[str, Any]:
    """Return values for every chart."""
    won = [Point(at / 10, value) for at, value in enumerate([0, 20, 20, 46, 80, 80, 110, 150, 150, 198])]
    return {
        "months": [
            Bar("July", 520, "520", tick=500, tone="won"),
            Bar("August", 470, "470", tick=480, tone="won"),
            Bar("September", 392, "392", tick=460, tone="won"),
        ],
        "flow": [
            Bar("First meeting", 264, "264", "→ 61%", tone="sp-0", href="#first"),
            Bar("25%", 161, "161", "→ 55%", tone="sp-2", href="#25"),
            Bar("50%", 88, "88", "→ 64%", tone="sp-4", href="#50"),
            Bar("90%", 56, "56", "→ 82%", tone="sp-6", href="#90"),
            Bar("Won", 46, "46", tone="won", href="#won"),
        ],
        "pace": [
            Line("Won", won, kind="step", tone="won"),
            Line("Pace", [Point(0, 0), Point(1, 300)], tone="c6", dash=True),
        ],
        "pace_ticks": [(100, "€100k"), (200, "€200k"), (300, "€300k")],
        "pace_marks": [(0, "1 Oct"), (Decimal("0.5"), "15 Nov"), (1, "31 Dec")],
        "buckets": [180, 210, 190, 170, 140, 120, 105, 88, 70, 60, 52, 55, 38, 34, 28, 20, 14, 10, 6, 2],
    }


PATH = [
    {"label": "First meeting", "tone": "sp-0", "state": "done", "days": 7, "note": "6 – 13 Oct"},
    {"label": "25%", "tone": "sp-2", "state": "done", "days": 14, "note": "13 – 27 Oct"},
    {"label": "50%", "tone": "sp-4", "state": "current", "days": 22, "note": "Since 27 Oct", "used": 0.8},
    {"label": "90%", "tone": "sp-6", "state": "ahead", "days": None, "note": "Verbal yes"},
    {"label": "Won", "tone": "won", "state": "ahead", "days": None, "note": "Target 18 Dec"},
]
STEPS = [
    {"label": "Won against target", "state": "done", "note": "5 reps"},
    {"label": "Pipeline by setpoint", "state": "done", "note": "412 deals moved"},
    {"label": "Lost deals", "state": "running", "note": "31 of 50 read"},
    {"label": "Action plan", "state": "waiting", "note": ""},
]
WAYS = [
    {
        "icon": "inbox",
        "title": "Take over waiting leads",
        "text": "12 leads over the threshold have no owner",
        "label": "See leads",
        "href": "#leads",
        "primary": True,
    },
    {
        "icon": "plus",
        "title": "Add one deal by hand",
        "text": "A name, an amount and a next step are enough",
        "label": "New deal",
        "href": "#new",
    },
]
WHY_ROWS = [
    {"points": 25, "text": "Asked for a product demo", "note": "today 09:58", "kind": "did"},
    {"points": 20, "text": "Attended a webinar", "note": "12 Nov", "kind": "did"},
    {"points": -10, "text": "30 days without activity", "note": "12 Sep to 12 Oct", "kind": "fade"},
    {"points": 16, "text": "Food industry", "note": "from the account", "kind": "are", "first": True},
]
