"""From when on signals speak in a pipeline, as an administrator sets it."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms

from crm.forms.records import RecordForm
from pipeline.labels.signals import MEANINGS, NAMES, UNITS
from pipeline.policies.signals import SIGNALS, Limit


class LimitsForm(RecordForm):
    """A switch for each signal, and a number for those that have one; an empty number is the usual one."""

    def __init__(self, *args: Any, limits: Mapping[str, Limit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, meaning in SIGNALS.items():
            limit = limits.get(code, Limit(meaning.usual))
            self.fields[f"{code}_on"] = forms.BooleanField(required=False, initial=limit.is_on, label=NAMES[code])
            if meaning.unit is not None:
                self.fields[code] = forms.IntegerField(
                    required=False, initial=limit.value, min_value=0, max_value=meaning.most, label=NAMES[code]
                )

    def limits(self) -> dict[str, Limit]:
        """Return what was set."""
        values = self.cleaned_data
        return {
            code: Limit(meaning.usual if values.get(code) is None else values[code], is_on=values[f"{code}_on"])
            for code, meaning in SIGNALS.items()
        }

    def rows(self) -> Iterator[dict[str, Any]]:
        """Give the fields of each signal with what they mean."""
        for code, meaning in SIGNALS.items():
            yield {
                "name": NAMES[code],
                "meaning": MEANINGS[code],
                "on": self[f"{code}_on"],
                "limit": self[code] if code in self.fields else None,
                "unit": UNITS[meaning.unit] if meaning.unit else "",
                "usual": meaning.usual,
            }
