"""What marketing and sales agree on, want to reach, and tell each other."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scoring.forms import ScoringForm
from scoring.policies.agreements import LONGEST


class WordingForm(ScoringForm):
    """How a word is put."""

    text = forms.CharField(
        max_length=LONGEST, strip=False, label=_("In our words"), widget=forms.Textarea(attrs={"rows": 5})
    )


class GoalForm(ScoringForm):
    """What both teams want a figure to be, in percent."""

    share = forms.DecimalField(
        required=False, min_value=Decimal("0.1"), max_value=100, max_digits=4, decimal_places=1,
        label=_("Goal, in percent"), help_text=_("Left empty, there is no goal."),
    )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """Return the goal as a share."""
        percent = self.cleaned_data["share"]
        return {"share": None if percent is None else percent / 100}


class CommentForm(ScoringForm):
    """What one team tells the other."""

    text = forms.CharField(
        max_length=LONGEST, strip=False, label=_("Tell both teams something"), widget=forms.Textarea(attrs={"rows": 3})
    )
