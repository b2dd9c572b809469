"""The words marketing and sales share, what they mean here, and why something was not agreed (LT-068)."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.lib import formats
from crm.lib.labels import extend, register
from scoring.enums import AgreedTerm, AgreeingSide
from scoring.queries.agreements import Holding

TERMS = register(
    "agreed_term",
    {
        AgreedTerm.LEAD: gettext_lazy("Lead"),
        AgreedTerm.THRESHOLD: gettext_lazy("Threshold"),
        AgreedTerm.HANDED_OVER: gettext_lazy("Handed over"),
        AgreedTerm.ANSWER_TIME: gettext_lazy("Answered in time"),
        AgreedTerm.ACCEPTED: gettext_lazy("Accepted"),
        AgreedTerm.QUALIFIED: gettext_lazy("Qualified"),
        AgreedTerm.SENT_BACK: gettext_lazy("Sent back"),
    },
)
MEANINGS = {
    AgreedTerm.LEAD: gettext_lazy("Somebody who may buy, known from what they did, from a file, or by hand."),
    AgreedTerm.THRESHOLD: gettext_lazy(
        "A lead crosses it by what it does, or by what becomes known of it. Time alone brings no lead to sales."
    ),
    AgreedTerm.HANDED_OVER: gettext_lazy(
        "The lead crossed the threshold and a rep was asked to answer. What a file or new rules bring waits for a person "
        "to release it."
    ),
    AgreedTerm.ANSWER_TIME: gettext_lazy(
        "A call, a personal e-mail or a meeting of ours by the deadline. Accepting the lead alone is none."
    ),
    AgreedTerm.ACCEPTED: gettext_lazy("Sales took the lead it was handed. Whoever took it owns it from then on."),
    AgreedTerm.QUALIFIED: gettext_lazy("Accepted, and a first meeting is scheduled."),
    AgreedTerm.SENT_BACK: gettext_lazy(
        "Sales gave the lead back to marketing and said why. Some leads may come again, the others do not."
    ),
}
SIDES = register(
    "agreeing_side", {AgreeingSide.MARKETING: gettext_lazy("Marketing"), AgreeingSide.SALES: gettext_lazy("Sales")}
)
AGREEMENT_REFUSALS: dict[str, Any] = {
    "may_not_agree": gettext_lazy("Marketing and the managers of sales agree on this."),
    "agreed_by_two": gettext_lazy("This is your own proposal. Somebody of the other team agrees to it."),
    "other_side_agrees": gettext_lazy("Your team agreed already. Somebody of the other team is still to."),
    "same_wording": gettext_lazy("This is what you agreed on already."),
    "wording_withdrawn": gettext_lazy("Another wording was proposed since. Look at that one."),
    "may_not_comment": gettext_lazy("Comments are for marketing and sales."),
    "may_not_remove_comment": gettext_lazy("Whoever said this can take it back."),
}
extend("refusal", AGREEMENT_REFUSALS)


def holding_words(term: AgreedTerm, holding: Holding) -> str:
    """Return what holds of a term now, in numbers; nothing where there are none."""
    words = {
        AgreedTerm.THRESHOLD: _threshold,
        AgreedTerm.ANSWER_TIME: _answer_time,
        AgreedTerm.SENT_BACK: _sent_back,
    }
    return words[term](holding) if term in words else ""


def _threshold(holding: Holding) -> str:
    told = _("%(threshold)s points, by version %(number)s of the rules. It can be crossed again from %(again)s down.")
    return told % {
        "threshold": formats.number(holding.threshold),
        "number": holding.model_number,
        "again": formats.number(holding.armed_again_at),
    }


def _answer_time(holding: Holding) -> str:
    told = _(
        "Within %(time)s of working time, from %(opens)s to %(closes)s on %(days)s days a week where the rep works, "
        "holidays left out; reminded %(before)s before."
    )
    return told % {
        "time": _minutes(holding.terms.answer_minutes),
        "before": _minutes(holding.terms.remind_minutes),
        "opens": f"{holding.hours.opens}:00",
        "closes": f"{holding.hours.closes}:00",
        "days": formats.number(len(holding.hours.days)),
    }


def _sent_back(holding: Holding) -> str:
    return _("May come again: %(reasons)s.") % {"reasons": ", ".join(holding.come_again)} if holding.come_again else ""


def _minutes(count: int) -> str:
    return formats.duration(timedelta(minutes=count))
