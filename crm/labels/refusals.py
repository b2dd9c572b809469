"""The sentences for refusals, of this app and of those above (D-6, DESIGN.md 8)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.lib.labels import label
from crm.lib.values import Refusal

REFUSALS: dict[str, Any] = {
    "required": _("This is needed."),
    "too_long": _("Use %(limit)s characters at most."),
    "out_of_range": _("This number is out of range."),
    "unknown_value": _("“%(value)s” is not one of the choices."),
    "choose_offered": _("Choose one of the entries offered."),
    "not_editable": _("This cannot be changed here."),
    "taken": _("Another record has this already."),
    "idempotency_key_reused": _("This Idempotency-Key stands for another request. Use a new key."),
    "merged": _("This record was merged into another one, which now holds everything."),
    "erased": _("This person was erased on request."),
    "names_erased": _("Leave out names and addresses: this reason stays."),
    "nameless": _("Give a name, a job title or an e-mail, so that others can tell who this is."),
    "owner_cannot_hold": _("This person cannot own records. Choose somebody active in sales or marketing."),
    "parent_is_below": _("This one already stands below it."),
    "churned_never_customer": _("Say first since when they were a customer."),
    "churned_before_customer": _("They cannot have left before they came."),
    "unknown_currency": _("“%(value)s” is no currency. Write a code such as EUR."),
    "amount_too_large": _("This amount is too large."),
    "amount_negative": _("An amount cannot be below zero here."),
    "too_many_decimals": _("%(currency)s has %(decimals)s decimals at most."),
    "unreadable": _("This is no amount. Write it like 48000 or 48k."),
    "ambiguous": _("This could mean two amounts. Write it without separators, like 48000."),
    "outcome_of_other_kind": _("That outcome does not belong to this kind of activity."),
    "outcome_before_done": _("Only what is done has an outcome."),
    "outcome_needed": _("Say how it went: held or no show."),
    "done_in_future": _("This lies ahead, so it cannot be done yet."),
    "done_already": _("This was completed already."),
    "stale_record": _("Somebody changed this since you opened it."),
    "administrators_only": _("Only an administrator can do this."),
    "administrator_exists": _("There is an administrator already, who can invite you."),
    "last_administrator": _("This is the last administrator. Make somebody else one first."),
    "not_yourself": _("Ask another administrator to do this for you."),
    "person_left": _("This person left. Let them sign in again first."),
    "manager_needs_team": _("Choose the team this person manages."),
    "role_has_no_team": _("Only a manager's role names a team."),
    "team_has_manager": _("This team has a manager. Take the role from them first."),
    "team_in_use": _("People or teams still belong to it. Move them first."),
    "team_gone": _("This team is archived. Choose another one."),
    "archived": _("This was taken back. Log it anew."),
    "membership_starts_later": _("They join a team on %(on)s; choose that day or a later one."),
    "may_not_edit_origins": _("Sources and campaigns are written by marketing and administrators."),
    "ends_before_it_starts": _("The last day comes before the first."),
    "may_not_edit_playbook": _("Personas and guides are written by marketing and administrators."),
    "may_not_add_insight": _("What is known of a company is noted by those who sell."),
    "may_not_edit_insight": _("A colleague noted this. They, or whoever owns the account, can change it."),
    "goal_needs_burner": _("Say how much this goal matters to them now."),
    "insight_needs_day": _("Say when."),
    "event_in_future": _("This day is still to come. Note it as a coming change."),
    "insight_gone": _("This was taken away. Note it anew."),
    "not_of_this_account": _("Choose somebody of this account."),
    "unknown_persona": _("Choose one of the personas offered."),
    "may_not_have_token": _("Tokens are for people who work with the company's records."),
    "scope_above_rights": _("A token cannot do more than you can."),
    "expired_already": _("Choose a day that lies ahead."),
    "password_too_short": _("Use 10 characters or more."),
    "password_too_common": _("This password is used too often elsewhere."),
    "password_too_similar": _("This password resembles the name or e-mail."),
}
NOT_UNDERSTOOD: dict[str, Any] = {
    "domain": _("“%(value)s” is no domain. Write it like example.com."),
    "email": _("“%(value)s” is no e-mail address."),
    "phone": _("“%(value)s” is no phone number there. Write it with its country, like +370 612 34567."),
    "country": _("“%(value)s” is no country. Write its two letters, like LT."),
}


def refusal_sentence(refusal: Refusal) -> str:
    """Return the sentence for a refusal: what happened and what to do."""
    params = dict(refusal.params)
    if refusal.code == "not_understood":
        pattern = NOT_UNDERSTOOD.get(params.get("field", ""), _("“%(value)s” was not understood."))
    else:
        # The apps above put the words for their own refusals beside these.
        shared = label("refusal", refusal.code)
        only_look = refusal.code.startswith("may_not_")
        general = _("You may look at this, but not change it.") if only_look else _("This was refused (%(code)s).")
        pattern = REFUSALS.get(refusal.code, shared if shared != refusal.code else general)
    # A code among the parameters reads as its word where an app registered words for it.
    words = {name: label(f"refusal_{name}", value) for name, value in params.items()}
    return str(pattern) % {"code": refusal.code, **words}
