"""What is typed to try a second version of the rules on a share of the leads."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.labels import choices
from scoring.enums import ChallengeEnd, ChallengeMetric
from scoring.forms import ScoringForm
from scoring.labels.challenges import METRICS


class ChallengeForm(ScoringForm):
    """Share, metric and sample, fixed before the first lead."""

    percent = forms.IntegerField(
        min_value=1, max_value=99, initial=50, label=_("Share of the challenger (percent of the leads that come)")
    )
    minimum = forms.IntegerField(
        min_value=10,
        max_value=1_000_000,
        initial=100,
        label=_("Leads on each side before anybody is said to be better"),
    )
    metric = forms.ChoiceField(
        choices=choices(METRICS),
        initial=ChallengeMetric.QUALIFIED_OF_ASSIGNED,
        label=_("What counts"),
        help_text=_("It cannot be changed later: whoever looks for a better one finds one."),
    )
    reason = forms.CharField(max_length=500, label=_("Why"), widget=forms.Textarea(attrs={"rows": 2}))
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ChallengeEndForm(ScoringForm):
    """Which rules go on, and why."""

    ends_as = forms.TypedChoiceField(
        coerce=ChallengeEnd,
        choices=[
            (ChallengeEnd.KEPT, _("Keep the champion")),
            (ChallengeEnd.REPLACED, _("Put the challenger in force")),
        ],
        label=_("From now on"),
    )
    reason = forms.CharField(max_length=500, label=_("Why"), widget=forms.Textarea(attrs={"rows": 2}))
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
