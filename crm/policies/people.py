"""Who may be what (C-1, D-42)."""

import re
from collections.abc import Collection
from zoneinfo import available_timezones

from crm.enums import Role, Theme
from crm.lib.values import Refusal
from crm.policies.contact_details import NotUnderstood, normal_email, normal_text

PROFILE = frozenset({"name", "locale", "time_zone", "country", "theme", "uses_shortcuts"})
NAME_LENGTH = 200


def person_refusals(*, email: str, name: str, roles: Collection[str]) -> list[Refusal]:
    """Return why a person cannot be invited like this."""
    refusals = []
    try:
        if normal_email(email) is None:
            refusals.append(Refusal.of("required", field="email"))
    except NotUnderstood as error:
        refusals.append(Refusal.of("not_understood", field="email", value=str(error)[:100]))
    if not normal_text(name):
        refusals.append(Refusal.of("required", field="name"))
    elif len(normal_text(name)) > NAME_LENGTH:
        refusals.append(Refusal.of("too_long", field="name", limit=NAME_LENGTH))
    if unknown := [role for role in roles if role not in list(Role)]:
        refusals.append(Refusal.of("unknown_value", field="roles", value=unknown[0][:50]))
    return refusals


def profile_refusals(changes: dict[str, object], *, languages: Collection[str]) -> list[Refusal]:
    """Return why a profile cannot be changed like this."""
    refusals = [Refusal.of("not_editable", field=name) for name in changes if name not in PROFILE]
    if "name" in changes and not 0 < len(normal_text(str(changes["name"]))) <= NAME_LENGTH:
        refusals.append(Refusal.of("required", field="name"))
    if "time_zone" in changes and changes["time_zone"] not in available_timezones():
        refusals.append(Refusal.of("unknown_value", field="time_zone", value=changes["time_zone"]))
    if "country" in changes and not re.fullmatch("([A-Z]{2})?", str(changes["country"])):
        refusals.append(Refusal.of("unknown_value", field="country", value=str(changes["country"])[:20]))
    if "locale" in changes and changes["locale"] not in languages:
        refusals.append(Refusal.of("unknown_value", field="locale", value=changes["locale"]))
    if "theme" in changes and changes["theme"] not in list(Theme):
        refusals.append(Refusal.of("unknown_value", field="theme", value=changes["theme"]))
    return refusals


def grant_refusals(*, role: str, team_id: int | None) -> list[Refusal]:
    """Return why a role cannot be granted like this: a manager manages a team, nobody else's role names one."""
    if role not in list(Role):
        return [Refusal.of("unknown_value", field="role", value=role[:50])]
    if role == Role.MANAGER and team_id is None:
        return [Refusal.of("manager_needs_team", field="team")]
    if role != Role.MANAGER and team_id is not None:
        return [Refusal.of("role_has_no_team", field="team", role=role)]
    return []
