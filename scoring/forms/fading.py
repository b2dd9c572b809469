"""What the sheets of a rule and of a group have in common, and the sheet of a group."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.labels import choices
from crm.lib.errors import CommandRefused
from scoring.enums import DecayKind, ScorePart
from scoring.facts import Decay, GroupFacts, RuleFacts
from scoring.forms import ScoringForm
from scoring.labels import SCORE_PARTS, sentence
from scoring.labels.rules import DECAYS

LARGEST = 32_767  # what a column holds; how much makes sense is the rules' to say
SHAPES = {"data-shapes": True}  # choosing another changes which fields make sense
# What a way to fade asks for beside its name.
ASKED_BY = {
    DecayKind.HALF_LIFE: ("decay_days",),
    DecayKind.WINDOW: ("decay_days",),
    DecayKind.LINEAR: ("decay_percent",),
    DecayKind.STEP: ("decay_steps",),
}


def whole(label: Any, **given: Any) -> forms.IntegerField:
    """Return a field for a whole number that can be written down at all."""
    return forms.IntegerField(label=label, min_value=-LARGEST, max_value=LARGEST, **given)


class FadingForm(ScoringForm):
    """What a rule and a group have in common."""

    name = forms.CharField(max_length=200, label=_("What a lead does or is"))
    part = forms.ChoiceField(choices=choices(SCORE_PARTS), label=_("Heading"))
    decay_kind = forms.ChoiceField(
        required=False,
        choices=choices(DECAYS, empty=_("–")),
        label=_("How points fade"),
        widget=forms.Select(attrs=SHAPES),
    )
    decay_days = whole(_("Days"), required=False)
    decay_percent = whole(_("Percent lost every 30 days"), required=False)
    decay_steps = forms.CharField(required=False, max_length=200, label=_("Steps"), help_text=_("30: 100, 90: 50"))
    least = whole(_("Never below"), required=False)
    most = whole(_("Never above"), required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    code = ""
    is_stale = False
    at = ""

    @property
    def fading_fields(self) -> list[Any]:
        """Return the fields the chosen way to fade asks for, and those where something is wrong."""
        kind = self["decay_kind"].value() or ""
        asked = ASKED_BY.get(DecayKind(kind), ()) if kind in set(DecayKind) else ()
        names = ("decay_days", "decay_percent", "decay_steps")
        return [self[name] for name in names if name in asked or name in self.errors]

    @property
    def has_limits(self) -> bool:
        """Whether something is said, or wrong, of how points fade and end."""
        names = ("decay_kind", "decay_days", "decay_percent", "decay_steps", "least", "most")
        said = (self[name].value() not in (None, "") for name in ("decay_kind", "least", "most"))
        return any(said) or any(name in self.errors for name in names)

    def clean_decay_steps(self) -> tuple[tuple[int, int], ...]:
        """Return steps as pairs of age and percent left."""
        text = self.cleaned_data["decay_steps"]
        try:
            pairs = [pair.split(":") for pair in text.split(",") if pair.strip()]
            return tuple((int(age), int(left)) for age, left in pairs)
        except ValueError as error:
            raise forms.ValidationError(_("Write steps as age in days and percent left: 30: 100, 90: 50.")) from error

    def fading(self) -> dict[str, Any]:
        """Return what the draft takes of what both have; of a form that is not finished, what is there."""
        values, kind = self.cleaned_data, self.cleaned_data.get("decay_kind")
        decay = kind and Decay(
            DecayKind(kind),
            values.get("decay_days") or 0,
            values.get("decay_percent") or 0,
            values.get("decay_steps") or (),
        )
        return {
            "name": values.get("name", ""), "part": ScorePart(values.get("part") or ScorePart.BEHAVIOUR),
            "decay": decay or None, "least": values.get("least"), "most": values.get("most"),
        }  # fmt: skip

    def refuse(self, refused: CommandRefused) -> None:
        """Show each refusal at its field of this sheet; what is wrong elsewhere stands above."""
        for refusal in refused.refusals:
            name = dict(refusal.params).get("field", "").removeprefix(f"{self.at}-")
            self.add_error(self.place(name), sentence(refusal))

    def place(self, name: str) -> str | None:
        """Return at which field something is shown."""
        return name if name in self.fields else None


class GroupForm(FadingForm):
    """Rules that share a heading, a fading and limits."""

    def __init__(self, data: Any = None, *, group: GroupFacts | None, version: int | None) -> None:
        self.code = group.code if group else ""
        self.at = f"group-{self.code}"
        initial = fading_of(group) if group else {"part": ScorePart.BEHAVIOUR}
        super().__init__(data, initial=initial | {"version": version})
        self.fields["name"].label = _("Name of the group")

    def wanted(self) -> dict[str, Any]:
        """Return the group as the draft takes it."""
        return self.fading()


def fading_of(part: RuleFacts | GroupFacts) -> dict[str, Any]:
    """Return the values of the fields a rule and a group have in common."""
    decay = part.decay
    return {
        "name": part.name, "part": part.part, "least": part.least, "most": part.most,
        "decay_kind": decay.kind if decay else "", "decay_days": decay.days if decay else 30,
        "decay_percent": decay.percent if decay else None,
        "decay_steps": ", ".join(f"{age}: {left}" for age, left in decay.steps) if decay else "",
    }  # fmt: skip
