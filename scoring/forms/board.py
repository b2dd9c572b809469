"""By what the board of leads is narrowed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.enums import ContentType
from crm.forms.records import source_choices
from crm.labels import CHANNELS, choices
from crm.lib.labels import label
from scoring.forms import campaign_choices


def content_choices() -> list[tuple[str, str]]:
    """Return what a source can be made of, all of them first."""
    return [("", str(_("Any"))), *((str(kind), label("content_type", kind)) for kind in ContentType)]


class BoardForm(forms.Form):
    """Filters of the board; what is wrong in the address is left out."""

    source_id = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label=_("Source"))
    campaign_id = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label=_("Campaign"))
    channel = forms.ChoiceField(required=False, choices=choices(CHANNELS, empty=_("Any")), label=_("Channel"))
    content_type = forms.ChoiceField(required=False, choices=content_choices, label=_("Content"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, given in (("source_id", source_choices), ("campaign_id", campaign_choices)):
            self.fields[name].choices = [("", _("Any")), *given()[1:]]  # type: ignore[attr-defined]

    @property
    def values(self) -> dict[str, Any]:
        """Return the filters that are set and make sense."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
