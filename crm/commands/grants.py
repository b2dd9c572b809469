"""Roles, teams and who belongs to which, each dated (C-1, D-42)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from crm.enums import Role
from crm.lib.errors import CommandRefused, NotPermitted, StaleRecord
from crm.lib.values import Refusal
from crm.models import RoleGrant, Team, TeamMembership, User
from crm.permissions import can_administer
from crm.policies.contact_details import normal_text
from crm.policies.edits import conflicts
from crm.policies.people import NAME_LENGTH, grant_refusals
from crm.queries.access import get_access, team_subtree_ids
from crm.queries.organisation import get_local_date
from crm.queries.people import is_last_administrator


class GrantRefused(CommandRefused):
    """The role, team or membership was not changed."""


@transaction.atomic
def grant_role(*, user_id: int, role: str, team_id: int | None = None, by: User | None, at: datetime) -> RoleGrant:
    """Give a person a role; a manager's names the team. Held already: nothing happens.

    :raises NotPermitted: only an administrator may
    :raises GrantRefused: the team has a manager, or the person left
    """
    require_administrator(by)
    user = User.objects.select_for_update().get(pk=user_id)
    if not user.is_active:
        raise GrantRefused(Refusal.of("person_left"))
    return add_grant(user_id=user_id, role=role, team_id=team_id, by=by, at=at)


@transaction.atomic
def revoke_role(*, user_id: int, role: str, team_id: int | None = None, by: User | None, at: datetime) -> bool:
    """Take a role back; tell whether it was held.

    :raises NotPermitted: only an administrator may
    :raises GrantRefused: nobody would administer any more
    """
    require_administrator(by)
    User.objects.select_for_update().get(pk=user_id)
    if role == Role.ADMIN and is_last_administrator(user_id):
        raise GrantRefused(Refusal.of("last_administrator"))
    held = _held(user_id, role, team_id)
    return bool(held.update(revoked_at=at, revoked_by=by))


@transaction.atomic
def set_team(
    *, user_id: int, team_id: int | None, by: User | None, at: datetime, from_on: date | None = None
) -> TeamMembership | None:
    """Move a person to a team, or to none, from a day on, by default today; what was earned before stays there.

    :raises NotPermitted: only an administrator may
    :raises GrantRefused: they belong to a team that starts later
    """
    require_administrator(by)
    User.objects.select_for_update().get(pk=user_id)
    day = from_on or get_local_date(at)
    current = (
        TeamMembership.objects.filter(Q(until_on=None) | Q(until_on__gt=day), user_id=user_id)
        .order_by("-from_on")
        .first()
    )
    if current is not None and current.from_on > day:
        raise GrantRefused(Refusal.of("membership_starts_later", on=current.from_on.isoformat()), field="from_on")
    if current is not None and current.team_id == team_id and current.until_on is None:
        return current
    if current is not None and current.from_on == day and team_id is not None:
        _require_team(team_id)
        current.team_id, current.until_on = team_id, None
        current.save(update_fields=["team", "until_on"])
        return current
    end_membership(user_id=user_id, on=day)
    return start_membership(user_id=user_id, team_id=team_id, from_on=day) if team_id is not None else None


@transaction.atomic
def create_team(*, name: str, by: User | None, at: datetime, parent_id: int | None = None) -> Team:
    """Add a team below another, or at the top.

    :raises NotPermitted: only an administrator may
    :raises GrantRefused: the name is empty or in use
    """
    require_administrator(by)
    _require_team(parent_id, field="parent_id")
    team = Team(name=_team_name(name), parent_id=parent_id)
    _save_team(team, force_insert=True)
    return team


@transaction.atomic
def edit_team(
    *, team_id: int, changes: Mapping[str, Any], by: User | None, at: datetime, seen: Mapping[str, Any] | None = None
) -> Team:
    """Rename a team or hang it below another (`parent_id`).

    :raises NotPermitted: only an administrator may
    :raises GrantRefused: the name is in use, or the new place is below the team itself
    :raises StaleRecord: the same field changed since it was seen
    """
    require_administrator(by)
    # The whole tree, in one order: two moves at once could hang each team below the other.
    teams = {team.pk: team for team in Team.objects.select_for_update().order_by("pk")}
    team = teams[team_id]
    wanted = dict(changes)
    if "name" in wanted:
        wanted["name"] = _team_name(wanted["name"])
    if wanted.get("parent_id") in team_subtree_ids([team_id]):
        raise GrantRefused(Refusal.of("parent_is_below", field="parent_id"), field="parent_id")
    _require_team(wanted.get("parent_id"), field="parent_id")
    current = {name: getattr(team, name) for name in wanted}
    if stale := conflicts(current, seen=seen or {}, wanted=wanted):
        raise StaleRecord(seen=team.version, now=team.version, current=stale)
    changed = [name for name, value in wanted.items() if current[name] != value]
    if changed:
        for name in changed:
            setattr(team, name, wanted[name])
        team.version += 1
        _save_team(team, update_fields=[*changed, "version"])
    return team


@transaction.atomic
def archive_team(*, team_id: int, by: User | None, at: datetime) -> Team:
    """Retire an empty team; its history stays.

    :raises NotPermitted: only an administrator may
    :raises GrantRefused: people or teams still belong to it
    """
    require_administrator(by)
    team = Team.objects.select_for_update().get(pk=team_id)
    today = get_local_date(at)
    members = TeamMembership.objects.filter(Q(until_on=None) | Q(until_on__gt=today), team=team)
    if members.exists() or team.children.filter(archived_at=None).exists():
        raise GrantRefused(Refusal.of("team_in_use"))
    if team.archived_at is None:
        RoleGrant.objects.filter(team=team, revoked_at=None).update(revoked_at=at, revoked_by=by)
        team.archived_at = at
        team.version += 1
        team.save(update_fields=["archived_at", "version"])
    return team


def add_grant(*, user_id: int, role: str, team_id: int | None, by: User | None, at: datetime) -> RoleGrant:
    """Write a grant inside a command that has asked who may; held already, that one is returned."""
    if refusals := grant_refusals(role=role, team_id=team_id):
        raise GrantRefused(refusals, field="team" if role == Role.MANAGER else "role")
    held = _held(user_id, role, team_id).first()
    if held:
        return held
    _require_team(team_id)
    try:
        with transaction.atomic():
            return RoleGrant.objects.create(user_id=user_id, role=role, team_id=team_id, granted_at=at, granted_by=by)
    except IntegrityError as error:
        raise GrantRefused(Refusal.of("team_has_manager", field="team"), field="team") from error


def revoke_all_grants(*, user_id: int, by: User | None, at: datetime) -> int:
    """Take every role back, inside a command."""
    return RoleGrant.objects.filter(user_id=user_id, revoked_at=None).update(revoked_at=at, revoked_by=by)


def start_membership(*, user_id: int, team_id: int, from_on: date) -> TeamMembership:
    """Write a membership without an end, inside a command.

    :raises GrantRefused: the team is archived
    """
    _require_team(team_id)
    return TeamMembership.objects.create(user_id=user_id, team_id=team_id, from_on=from_on)


def end_membership(*, user_id: int, on: date) -> None:
    """End the membership in force on a day; one that began that day is over before it counted."""
    open_ = TeamMembership.objects.filter(Q(until_on=None) | Q(until_on__gt=on), user_id=user_id, from_on__lte=on)
    open_.update(until_on=on)


def cancel_memberships(*, user_id: int, after: date) -> None:
    """Let memberships that begin after a day never begin."""
    TeamMembership.objects.filter(user_id=user_id, from_on__gt=after).update(until_on=F("from_on"))


def require_administrator(by: User | None) -> None:
    """Refuse everybody but administrators and the system itself.

    :raises NotPermitted: the person does not administer
    """
    if by is not None and not can_administer(get_access(by)):
        raise NotPermitted(Refusal.of("administrators_only"))


def _require_team(team_id: int | None, *, field: str = "team") -> None:
    """Keep a team from being archived until this transaction ends.

    :raises GrantRefused: it is archived, or there is none
    """
    if team_id is not None and not _locked_team(team_id):
        raise GrantRefused(Refusal.of("team_gone", field=field), field=field)


def _locked_team(team_id: int) -> Team | None:
    return Team.objects.select_for_update(no_key=True).filter(pk=team_id, archived_at=None).first()


def _held(user_id: int, role: str, team_id: int | None) -> QuerySet[RoleGrant]:
    of_team = Q(team=None) if team_id is None else Q(team=team_id)
    return RoleGrant.objects.filter(of_team, user_id=user_id, role=role, revoked_at=None)


def _team_name(text: str) -> str:
    name = normal_text(text)
    if not 0 < len(name) <= NAME_LENGTH:
        raise GrantRefused(Refusal.of("required", field="name"), field="name")
    return name


def _save_team(team: Team, **how: Any) -> None:
    try:
        with transaction.atomic():
            team.save(**how)
    except IntegrityError as error:
        raise GrantRefused(Refusal.of("taken", field="name"), field="name") from error
