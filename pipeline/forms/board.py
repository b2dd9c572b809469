"""The filter of board and list, read from the address: what is wrong there is left out, never an error."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import DayField
from crm.labels import choices
from crm.models import User
from crm.queries.people import teams_visible_to
from pipeline.labels import DEAL_TYPES
from pipeline.labels.signals import NAMES
from pipeline.models import Setpoint
from pipeline.queries.board_filter import CARRIED, NEXT_STEP, NO_STEP, OVERDUE, SHORT, BoardFilter
from pipeline.queries.opportunities import owners_seen_by
from pipeline.queries.setpoints import get_pipelines
from pipeline.queries.signal_badges import LANGUISHES, NEEDS_ATTENTION
from pipeline.queries.unknown import BUYING, DECIDER, PROCESS

VIEWS = ("my", "team")
EVIDENCE = {SHORT: _("Falls short"), CARRIED: _("Is there")}
STEPS = {NO_STEP: _("None"), OVERDUE: _("Overdue")}
SIGNALS = {NEEDS_ATTENTION: _("Anything"), LANGUISHES: _("Stuck at the last setpoint"), **NAMES}
UNKNOWN = {BUYING: _("Who decides, or how"), DECIDER: _("Decision maker"), PROCESS: _("Decision process")}
SORTS = (("attention", ""), (NEXT_STEP, ""))


class BoardForm(forms.Form):
    """Filters whose valid values count, whatever else the address says."""

    view = forms.ChoiceField(required=False, choices=[(view, view) for view in VIEWS])
    pipeline = forms.SlugField(required=False, max_length=50)
    q = forms.CharField(required=False, max_length=200, label=_("Search"))
    owner = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, label=_("Owner"))
    team = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, label=_("Team"))
    type = forms.ChoiceField(required=False, choices=choices(DEAL_TYPES, empty=_("Any type")), label=_("Type"))
    stands_at = forms.SlugField(required=False, max_length=50, label=_("Setpoint"))
    closes_before = DayField(required=False, label=_("Closes before"))
    step = forms.ChoiceField(required=False, choices=choices(STEPS, empty=_("Any")), label=_("Next step"))
    evidence = forms.ChoiceField(
        required=False, choices=choices(EVIDENCE, empty=_("Any")), label=_("Evidence for the setpoint")
    )

    signal = forms.ChoiceField(required=False, choices=choices(SIGNALS, empty=_("Any")), label=_("Warning"))
    unknown = forms.ChoiceField(required=False, choices=choices(UNKNOWN, empty=_("Any")), label=_("Not known yet"))
    sort = forms.ChoiceField(required=False, choices=SORTS)

    def values(self) -> dict[str, Any]:
        """Return the filters that are set and make sense."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}


def read_filter(values: dict[str, Any], *, view: str, today: date) -> BoardFilter:
    """Return the filter of an address; in My pipeline the owner is the reader. What is overdue is so on `today`."""
    own = view == "my"
    return BoardFilter(
        pipeline=values.get("pipeline", "new_business"),
        own=own,
        owner_id=None if own else values.get("owner"),
        team_id=None if own else values.get("team"),
        deal_type=values.get("type", ""),
        setpoint=values.get("stands_at", ""),
        closes_before=values.get("closes_before"),
        text=values.get("q", "").strip(),
        step=values.get("step", ""),
        evidence=values.get("evidence", ""),
        signal=values.get("signal", ""),
        unknown=values.get("unknown", ""),
        sort=values.get("sort", ""),
        today=today,
    )


class FilterForm(BoardForm):
    """The same filters with their choices, for the dialog that sets them."""

    owner = forms.ChoiceField(required=False, label=_("Owner"))  # type: ignore[assignment]
    team = forms.ChoiceField(required=False, label=_("Team"))  # type: ignore[assignment]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(person.pk), str(person)) for person in owners_seen_by(user)]
        pipelines = [(pipeline.code, pipeline.name) for pipeline in get_pipelines()]
        teams = [(str(team.pk), str(team)) for team in teams_visible_to(user).order_by("name")]
        if len(pipelines) > 1:
            self.fields["pipeline"] = forms.ChoiceField(required=False, choices=pipelines, label=_("Pipeline"))
        else:
            del self.fields["pipeline"]
        self.fields["stands_at"] = forms.ChoiceField(required=False, choices=_setpoints(), label=_("Setpoint"))
        self.fields["owner"].choices = [("", _("Anybody")), *people]  # type: ignore[attr-defined]
        self.fields["team"].choices = [("", _("Any team")), *teams]  # type: ignore[attr-defined]


def _setpoints() -> list[tuple[str, Any]]:
    """Return the setpoints in use by their codes, which pipelines may share; the first pipeline's names count."""
    in_use = Setpoint.objects.filter(retired_at=None, pipeline__retired_at=None).order_by("pipeline__order", "rank")
    names: dict[str, Any] = {"": _("Any")}
    for code, name in in_use.values_list("code", "name"):
        names.setdefault(code, name)
    return list(names.items())
