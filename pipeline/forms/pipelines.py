"""Forms of pipelines, setpoints and criteria."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.records import RecordForm
from crm.labels import choices
from pipeline.enums import CHECKS, KEY_FIELDS
from pipeline.labels import DEAL_TYPES, FACTS, FIELD_NAMES, GATES
from pipeline.models import Pipeline, Setpoint


class PipelineForm(RecordForm):
    """What a pipeline is called."""

    name = forms.CharField(max_length=100, label=_("Name"))


class NewPipelineForm(PipelineForm):
    """A pipeline to be made like another one."""

    like_id = forms.TypedChoiceField(coerce=int, label=_("With the setpoints and criteria of"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["like_id"].choices = list(  # type: ignore[attr-defined]
            Pipeline.objects.filter(retired_at=None).values_list("pk", "name")
        )


class SetpointForm(RecordForm):
    """What a setpoint is called, means and weighs, and what helps there."""

    name = forms.CharField(max_length=100, label=_("Name"))
    meaning = forms.CharField(max_length=200, required=False, label=_("What it means, in a few words"))
    probability = forms.DecimalField(
        min_value=0, max_value=100, max_digits=5, decimal_places=2, label=_("Weight in percent")
    )
    stall_limit_days = forms.IntegerField(
        min_value=1, max_value=999, required=False, label=_("Days a deal may stand here")
    )
    guidance = forms.CharField(
        max_length=1000, required=False, label=_("What to do here"), widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Shown on the deals that stand here."),
    )  # fmt: skip
    key_fields = forms.MultipleChoiceField(
        choices=[(name, FIELD_NAMES[name]) for name in KEY_FIELDS], required=False, label=_("Fields that matter here"),
        widget=forms.CheckboxSelectMultiple, help_text=_("Five at most, shown with the guidance."),
    )  # fmt: skip

    def clean_probability(self) -> Decimal:
        """Return the weight as a share of one."""
        share: Decimal = self.cleaned_data["probability"] / 100
        return share


class NewSetpointForm(SetpointForm):
    """A setpoint to be added at a place."""

    after_id = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label=_("Above"))

    def __init__(self, *args: Any, pipeline: Pipeline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("stall_limit_days", "guidance", "key_fields"):
            del self.fields[name]
        there = Setpoint.objects.filter(pipeline=pipeline, retired_at=None).order_by("-rank").values_list("pk", "name")
        self.fields["after_id"].choices = [*there, ("", _("None: it is the first"))]  # type: ignore[attr-defined]


class StageForm(RecordForm):
    """What a phase is called, and at which setpoint it is worked at."""

    name = forms.CharField(max_length=100, label=_("Name"))
    setpoint_id = forms.TypedChoiceField(coerce=int, label=_("Setpoint"), help_text=_("Figures know setpoints only."))

    def __init__(self, *args: Any, pipeline: Pipeline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = Setpoint.objects.filter(pipeline=pipeline, retired_at=None).order_by("rank").values_list("pk", "name")
        self.fields["setpoint_id"].choices = list(there)  # type: ignore[attr-defined]


class CriterionForm(RecordForm):
    """What a deal needs to stand at a setpoint, and how strictly it is asked for."""

    text = forms.CharField(max_length=300, label=_("The fact"))
    ask = forms.CharField(max_length=300, required=False, label=_("What to ask for it"))
    gate = forms.ChoiceField(choices=choices(GATES), label=_("Where it is missing"))
    deal_types = forms.MultipleChoiceField(
        choices=choices(DEAL_TYPES), required=False, label=_("Asked of deals of these types"),
        widget=forms.CheckboxSelectMultiple, help_text=_("None chosen: of every deal."),
    )  # fmt: skip


class NewCriterionForm(CriterionForm):
    """A criterion to be added: attested by a note, or read off the deal by a check."""

    check_code = forms.ChoiceField(required=False, label=_("Met by"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        checks = [(str(code), FACTS[code]) for code in CHECKS]
        by_note = ("", _("A note of who said it and when"))
        self.fields["check_code"].choices = [by_note, *checks]  # type: ignore[attr-defined]
        self.order_fields(["text", "check_code", "ask", "gate", "deal_types"])
