"""The words of routing, deadlines and leads to try (S-9, FI-006)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.lib.labels import extend, register
from scoring.enums import NoticeKind, RoutedBy, TrialAnswer

ROUTED_BY = register(
    "routed_by",
    {
        RoutedBy.ACCOUNT_OWNER: _("Owns the account"),
        RoutedBy.LEAD_OWNER: _("Owns the lead"),
        RoutedBy.TERRITORY: _("By territory"),
        RoutedBy.TURN: _("Their turn"),
        RoutedBy.PERSON: _("Given by a person"),
    },
)
NOTICES = register(
    "handoff_notice", {NoticeKind.REMINDER: _("Reminded"), NoticeKind.ESCALATION: _("Their manager was told")}
)
TRIAL_ANSWERS = register(
    "trial_answer",
    {TrialAnswer.TAKEN: _("Taken"), TrialAnswer.PASSED: _("Passed"), TrialAnswer.ENDED: _("Week over")},
)
HANDOFF_REFUSALS: dict[str, Any] = {
    "comes_not_again": _("Sent back for this reason, the lead does not come again. Leave the day empty."),
    "recycle_on_out_of_range": _("Choose a day that lies ahead, within two years."),
    "not_offered": _("This lead is not offered any more. Somebody may have answered, or its week is over."),
    "handed_over_meanwhile": _("This lead was handed over meanwhile. Accept it among those to decide."),
    "may_not_edit_routing": _("Marketing and administrators say how leads find their rep."),
    "remind_before_due": _("Remind before the time to answer is over."),
    "team_or_rep": _("Choose a team or a rep, one of them."),
    "unknown_language": _("“%(value)s” is no language. Write its code, like et."),
}
extend("refusal", HANDOFF_REFUSALS)
