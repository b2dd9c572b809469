"""The sheet of a business case: its head, the customer's figures, and a line for each cost and benefit (B28)."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.forms.fields import DayField
from crm.forms.records import RecordForm
from crm.lib.errors import CommandRefused
from pipeline.enums import CaseSide
from pipeline.facts import CaseFacts, CaseKpiFacts, CaseRowFacts
from pipeline.forms.case_lines import KpiForm, LineForm, RowForm
from pipeline.forms.promises import AmountField
from pipeline.labels.business_cases import FIELDS
from pipeline.policies.business_cases import HEAD, MOST_KPIS, MOST_ROWS, MOST_YEARS, Seen, digests

KPIS = "kpi"
MOST = {KPIS: MOST_KPIS, CaseSide.COST: MOST_ROWS, CaseSide.BENEFIT: MOST_ROWS}
PERCENT = Decimal(100)
LONGEST_SEEN = 20_000


class CaseForm(RecordForm):
    """What holds for the whole case."""

    currency = forms.CharField(max_length=3, widget=forms.TextInput(attrs={"autocapitalize": "characters"}))
    years = forms.TypedChoiceField(coerce=int, choices=[(n, n) for n in range(1, MOST_YEARS + 1)])
    discount_rate = AmountField(max_value=100, min_value=0, required=False)
    measure = forms.CharField(required=False, max_length=300)
    co_built_with_id = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    co_built_on = DayField(required=False)
    justification = forms.CharField(required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, contacts: Sequence[tuple[Any, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["co_built_with_id"].choices = contacts  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            field.label = FIELDS[name]
        self.fields["discount_rate"].label = gettext_lazy("Discount rate in percent")

    def values(self) -> dict[str, Any]:
        """Return the head of the case."""
        found = {name: self.cleaned_data[name] for name in HEAD}
        return found | {
            "currency": found["currency"].upper(),
            "discount_rate": (found["discount_rate"] or Decimal(0)) / PERCENT,
        }


class CaseSheet:
    """The whole form, of a case as it stands or of what was sent; `more` adds an empty line to one of its parts."""

    def __init__(
        self, data: QueryDict | None, *, facts: CaseFacts, contacts: Sequence[tuple[Any, str]], more: str = ""
    ) -> None:
        self.data = data
        initial = {name: getattr(facts, name) for name in HEAD} | {
            "discount_rate": f"{(facts.discount_rate * PERCENT).normalize() + 0:f}"
        }
        self.head = CaseForm(data, initial=initial, contacts=contacts)
        self.seen: Seen = digests(facts) if data is None else read_seen(data.get("seen", ""))
        self.years = _years(data, facts.years)
        self.kpis = [
            KpiForm(data, prefix=f"{KPIS}-{n}", number=n + 1, initial=each)
            for n, each in enumerate(_lines(data, KPIS, [_kpi_initial(kpi) for kpi in facts.kpis], more))
        ]
        self.choices = [(str(n), name) for n, kpi in enumerate(self.kpis) if (name := str(kpi["name"].value() or ""))]
        numbers = {kpi.name: str(n) for n, kpi in enumerate(facts.kpis)}
        self.costs, self.benefits = (self._rows(side, facts, numbers, more) for side in CaseSide)
        parts: dict[str, Sequence[LineForm]] = {
            KPIS: self.kpis, CaseSide.COST: self.costs, CaseSide.BENEFIT: self.benefits,
        }  # fmt: skip
        if longer := parts.get(more):
            longer[-1].fields[longer[-1].words[0]].widget.attrs["autofocus"] = True

    def _rows(self, side: CaseSide, facts: CaseFacts, kpis: Mapping[str, str], more: str) -> list[RowForm]:
        found = [_row_initial(row, self.years, kpis) for row in facts.rows if row.side == side]
        choices = self.choices if side == CaseSide.BENEFIT else []
        return [
            RowForm(self.data, prefix=f"{side}-{n}", number=n + 1, years=self.years, kpis=choices, initial=each)
            for n, each in enumerate(_lines(self.data, side, found, more))
        ]

    @property
    def seen_text(self) -> str:
        """Return what the form showed, to be sent with it."""
        return json.dumps(self.seen)

    @property
    def lines(self) -> list[LineForm]:
        """Return every line."""
        return [*self.kpis, *self.costs, *self.benefits]

    def is_valid(self) -> bool:
        """Whether everything can be read; each form looks, so that all is told at once."""
        wrong = [line for line in self.lines if not line.is_valid()]
        if wrong:
            self.head.add_error(None, _("Something below cannot be read. It is marked."))
        return self.head.is_valid()

    def facts(self) -> CaseFacts:
        """Return the case as it was sent."""
        kpis = {str(n): kpi.facts() for n, kpi in enumerate(self.kpis) if not kpi.is_empty}
        names = {n: kpi.name for n, kpi in kpis.items()}
        rows = [
            row.facts(side, names)
            for side, lines in ((CaseSide.BENEFIT, self.benefits), (CaseSide.COST, self.costs))
            for row in lines
            if not row.is_empty
        ]
        return CaseFacts(**self.head.values(), kpis=tuple(kpis.values()), rows=tuple(rows))

    def refuse(self, refused: CommandRefused) -> None:
        """Show why the command refused."""
        self.head.refuse(refused)


def read_seen(text: str) -> Seen:
    """Return what a form says it showed; nothing where that cannot be read."""
    try:
        found = json.loads(text[:LONGEST_SEEN])
    except (ValueError, RecursionError):
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def _years(data: QueryDict | None, years: int) -> int:
    typed = str(data.get("years", "")) if data is not None else ""
    return int(typed) if typed.isdecimal() and len(typed) < 3 and 1 <= int(typed) <= MOST_YEARS else years


def _lines(data: QueryDict | None, part: str, initial: list[dict[str, Any]], more: str) -> list[dict[str, Any]]:
    """Return the values each line of a part begins with: those that stand and an empty one, or as many as were sent."""
    if data is None:
        return [*initial, {}][: MOST[part]]
    typed = str(data.get(f"{part}-lines", ""))
    sent = int(typed) if typed.isdecimal() and len(typed) < 4 else 0
    return [{}] * min(sent + (more == part), MOST[part])


def _kpi_initial(kpi: CaseKpiFacts) -> dict[str, Any]:
    return {"id": kpi.kpi_id, **{name: getattr(kpi, name) for name in KpiForm.words}}


def _row_initial(row: CaseRowFacts, years: int, kpis: Mapping[str, str]) -> dict[str, Any]:
    yearly = [*row.yearly, *[Decimal(0)] * years][:years]
    return {
        "id": row.row_id, "label": row.label, "at_start": row.at_start, "kpi": kpis.get(row.kpi, ""),
        **{f"y{year}": amount for year, amount in enumerate(yearly, start=1)},
    }  # fmt: skip


class ShareForm(RecordForm):
    """Until when whoever has the address may read the case."""

    until = DayField(label=gettext_lazy("Readable until"))
