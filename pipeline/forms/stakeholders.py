"""The sheet that says what part somebody has in the decision."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import DayField
from crm.forms.records import RecordForm
from crm.labels import choices
from pipeline.facts import StakeholderFacts
from pipeline.forms.deals import person_choices
from pipeline.labels import STAKEHOLDER_ROLES
from pipeline.labels.stakeholders import INFLUENCES, STANCES
from pipeline.models import Opportunity


class StakeholderForm(RecordForm):
    """Who it is, where nobody is given, and what part they have."""

    contact_id = forms.TypedChoiceField(coerce=int, empty_value=None, label=_("Who"))
    role = forms.ChoiceField(required=False, choices=choices(STAKEHOLDER_ROLES, empty="–"), label=_("Role"))
    stance = forms.ChoiceField(choices=choices(STANCES), label=_("Where do they stand?"), widget=forms.RadioSelect)
    influence = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, choices=[("", _("Not known")), *choices(INFLUENCES)],
        label=_("How much influence?"), widget=forms.RadioSelect,
    )  # fmt: skip
    met_on = DayField(required=False, label=_("We met on"))
    introduced_by_id = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, label=_("Who leads us there")
    )
    note = forms.CharField(
        required=False, max_length=1000, label=_("What matters to them"), widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self, *args: Any, deal: Opportunity, people: Sequence[StakeholderFacts], contact_id: int | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        present = {person.pk for person in people}
        if contact_id is None:
            others = [(pk, name) for pk, name in person_choices(deal) if pk not in present]
            self.fields["contact_id"].choices = others  # type: ignore[attr-defined]
        else:
            del self.fields["contact_id"]
        leading = [(person.pk, person.name) for person in people if person.pk != contact_id]
        self.fields["introduced_by_id"].choices = [("", "–"), *leading]  # type: ignore[attr-defined]


def stakeholder_values(person: StakeholderFacts | None, *, role: str = "") -> dict[str, Any]:
    """Return what the form begins with: what is known of the person, or the role somebody is looked for."""
    if person is None:
        return {"stance": "unknown", "role": role, "influence": ""}
    return {
        "role": person.role,
        "stance": person.stance,
        "influence": "" if person.influence is None else person.influence,
        "met_on": person.met_on,
        "introduced_by_id": person.introduced_by_id,
        "note": person.note,
    }
