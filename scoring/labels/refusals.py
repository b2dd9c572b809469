"""The sentences for what is refused about leads, their events and handoffs."""

from typing import Any

from django.utils.translation import gettext_lazy as _

LEAD_REFUSALS: dict[str, Any] = {
    "missing_key": _("Give the event a key of its own, so that sending it twice counts once."),
    "key_too_long": _("The key is too long. Use %(longest)s characters at most."),
    "bad_character": _("There is a character in it that cannot be stored."),
    "unknown_type": _("There is no event type “%(type)s” here."),
    "missing_time": _("Say when it happened."),
    "in_future": _("This lies in the future. Check the clock or the time zone of what sent it."),
    "too_long_ago": _("This lies too far in the past. Check the date."),
    "bad_number": _("A number in the properties is out of range."),
    "bad_properties": _("The properties must be a JSON object."),
    "properties_too_long": _("The properties are too long. Use %(longest)s characters at most."),
    "missing_lead": _("Say whose event it is: an e-mail, an id, an external id or a visitor."),
    "unknown_lead": _("There is no such lead."),
    "no_open_handoff": _("Nothing waits for an answer here. Somebody may have answered already."),
    "choose_leads": _("Choose at least one lead."),
    "may_not_give": _("Marketing, or who manages its owner, says who answers a lead, within their own reach."),
    "given_already": _("%(owner)s has this lead already."),
    "cannot_answer_leads": _("This person cannot answer a lead. Choose somebody active in sales."),
    "may_not_decide": _("This lead is in somebody else’s hands. They or their manager decide."),
    "may_not_release": _("Marketing releases what waits. Ask them."),
    "may_not_record_events": _("Events are sent by sales and marketing."),
    "finished": _("%(lead)s is qualified, converted or disqualified by now. Leave it out."),
    "disqualified": _("This lead was disqualified. Bring it back first."),
    "not_a_code": _("Use small letters, digits and _, beginning with a letter: demo_video_watched."),
    "sent_by_us": _("Our own forms and sites send it. Close those instead."),
    "used_by_rule": _("The rule “%(rule)s” gives points for it. Change the rule first."),
}
