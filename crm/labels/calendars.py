"""The sentences for what the calendars refuse (D-27)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.lib.labels import extend

CALENDAR_REFUSALS: dict[str, Any] = {
    "holiday_without_day": _(
        "“%(value)s” in line %(line)s begins with no day. Write it like 2026-12-25 Christmas Day."
    ),
    "holiday_without_name": _("Line %(line)s needs a name of %(limit)s characters at most after its day."),
    "too_many_holidays": _("Add %(limit)s days at most at a time."),
    "ends_before_it_begins": _("The last day lies before the first."),
    "may_not_note_absence": _("Their manager, an administrator or they themselves say that they are away."),
}
extend("refusal", CALENDAR_REFUSALS)
