"""What changed in the rules, in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.lib import formats
from scoring.facts import Decay
from scoring.forms.asked import Asked, get_asked_values
from scoring.labels import SCORE_PARTS
from scoring.labels.rules import COUNTINGS, INACTIVITY_MODES
from scoring.policies.changes import ADDED, REMOVED, Change
from scoring.queries.choices import get_event_names
from scoring.views.rule_words import condition_in_words, decay_in_words

Names = Mapping[str, str]  # what types of events are called


def changes_in_words(found: Sequence[Change]) -> list[str]:
    """Return each difference as a sentence: what it was, what it becomes."""
    fields = {change.field for change in found}
    names = dict(get_event_names()) if fields & {"event_types", "conditions"} else {}
    asked = get_asked_values() if "conditions" in fields else {}
    return [_change(change, names, asked) for change in found]


def _change(change: Change, names: Names, asked: Asked) -> str:
    if change.field in (ADDED, REMOVED):
        pattern = _("%(name)s: added.") if change.field == ADDED else _("%(name)s: removed.")
        return pattern % {"name": change.name}
    old, new = (_value(change.field, value, names, asked) for value in (change.old, change.new))
    return str(CHANGED[change.field]) % {"name": change.name, "old": old, "new": new}


CHANGED: dict[str, Any] = {
    "threshold": gettext_lazy("Hand over at %(new)s instead of %(old)s."),
    "rearm_margin": gettext_lazy("Hand over again after a fall of %(new)s instead of %(old)s."),
    "inactivity_points": gettext_lazy("Silence takes %(new)s points instead of %(old)s."),
    "inactivity_days": gettext_lazy("Silence begins to count after %(new)s days instead of %(old)s."),
    "inactivity_mode": gettext_lazy("Silence takes points %(new)s, not %(old)s."),
    "floor": gettext_lazy("The lowest score is %(new)s instead of %(old)s."),
    "ceiling": gettext_lazy("The highest score is %(new)s instead of %(old)s."),
    "fades_twice": gettext_lazy("That silence takes points where they fade too is meant: %(new)s instead of %(old)s."),
    "fit_limits": gettext_lazy("Grades: who they are, from %(new)s instead of %(old)s."),
    "interest_limits": gettext_lazy("Grades: what they do, from %(new)s instead of %(old)s."),
    "order": gettext_lazy("The rules stand in another order."),
    "points": gettext_lazy("%(name)s: %(new)s points instead of %(old)s."),
    "cap_count": gettext_lazy("%(name)s: counts %(new)s times instead of %(old)s (0 is each time)."),
    "cap_days": gettext_lazy("%(name)s: counted over %(new)s days instead of %(old)s."),
    "name": gettext_lazy("%(new)s: was called “%(old)s”."),
    "part": gettext_lazy("%(name)s: stands under “%(new)s” instead of “%(old)s”."),
    "event_types": gettext_lazy("%(name)s: for %(new)s instead of %(old)s."),
    "counting": gettext_lazy("%(name)s: %(new)s instead of %(old)s."),
    "conditions": gettext_lazy("%(name)s: asks for other things (%(new)s instead of %(old)s)."),
    "decay": gettext_lazy("%(name)s: fades – %(new)s, not %(old)s."),
    "least": gettext_lazy("%(name)s: never below %(new)s instead of %(old)s."),
    "most": gettext_lazy("%(name)s: never above %(new)s instead of %(old)s."),
    "group": gettext_lazy("%(name)s: in the group %(new)s instead of %(old)s."),
    "fast_track": gettext_lazy("%(name)s: straight to sales, %(new)s instead of %(old)s."),
}


def _value(field: str, value: Any, names: Names, asked: Asked) -> str:
    if value is None or value in ("", ()):
        return str(_("none"))
    if isinstance(value, Decay):
        return decay_in_words(value) or str(_("not at all"))
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if words := {"part": SCORE_PARTS, "counting": COUNTINGS, "inactivity_mode": INACTIVITY_MODES}.get(field):
        return str(words[value])
    if isinstance(value, tuple | frozenset):
        return _several(field, value, names, asked)
    return formats.number(value) if isinstance(value, int) else str(value)


def _several(field: str, value: tuple[Any, ...] | frozenset[Any], names: Names, asked: Asked) -> str:
    if field == "conditions":
        return "; ".join(condition_in_words(each, asked, names) for each in value)
    return ", ".join(map(str, value) if isinstance(value, tuple) else sorted(names.get(each, each) for each in value))
