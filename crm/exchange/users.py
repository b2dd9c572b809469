"""People from a file (C-1). Tens of rows, each by the same commands as the settings page."""

from datetime import date
from typing import Any, ClassVar

from django.db import transaction

from crm.commands.grants import GrantRefused, create_team, edit_team, grant_role, revoke_role, set_team
from crm.commands.import_people import keep_person
from crm.enums import Role
from crm.exchange import fields as f
from crm.exchange.cells import NO, YES
from crm.exchange.fields import Field
from crm.exchange.kinds import BaseHandler, Result, Row, Run, first_identity, live
from crm.exchange.problems import RowRefused
from crm.models import RoleGrant, Team, TeamMembership, User
from crm.queries.imports import find_people, get_users_by_name

# Nobody says since when; the past they are imported with happened in this team.
SINCE_EVER = date(1970, 1, 1)


class Users(BaseHandler):
    """Recognised by external id, then e-mail. Teams never seen before are added; `manager` may come later in the file."""

    fields: ClassVar[tuple[Field, ...]] = (
        f.text("external_id"),
        f.email("email", required=True),
        f.text("name"),
        f.several("roles", Role),
        f.text("team"),
        f.text("manager", 254),
        f.locale(),
        f.time_zone(),
    )

    def natural_id(self, values: dict[str, Any], run: Run) -> str:
        """Return the external id or the e-mail."""
        return first_identity(values, ("external_id", "email"))

    def write(self, rows: list[Row], run: Run) -> None:
        """Write each row by itself, so that one that is refused leaves nothing behind."""
        by_id = find_people("crm_user", [row.values.get("external_id", "") for row in rows])
        by_email = find_people("crm_user", [row.values["email"] for row in rows])
        for row in live(rows):
            known = by_id.get(row.values.get("external_id", "")) or row.known_id
            holder = by_email.get(row.values["email"])
            if known and holder and known != holder:
                row.refuse("taken", field="email", what="person", other=f"#{holder}")
            else:
                row.ids["self"] = known or holder
                self._write_one(row, run)

    def _write_one(self, row: Row, run: Run) -> None:
        try:
            with transaction.atomic():
                user, result = keep_person(user_id=row.ids["self"], values=_person(row), by=run.by, at=run.at)
                changed = self._place(row, user, run)
        except RowRefused as refused:
            row.problem, row.deferred = refused.problem, refused.problem.code == "unknown_reference"
        except GrantRefused as refused_grant:
            reason = refused_grant.refusals[0]
            row.refuse("refused", field=refused_grant.field, detail=reason.code)
        else:
            row.done(user.pk, Result.UPDATED if result == "unchanged" and changed else Result(result))

    def _place(self, row: Row, user: User, run: Run) -> bool:
        team = _team(row.values.get("team"), run)
        changed = _join(user, team, is_new=row.ids["self"] is None, run=run)
        changed |= _grant(user, row.values.get("roles"), team, run)
        if row.values.get("manager", "").lower() in YES:
            changed |= _manage(user, team, run)
        elif row.values.get("manager") and row.values["manager"].lower() not in NO:
            changed |= _report_to(row.values["manager"], user, team, run)
        return changed


def _person(row: Row) -> dict[str, Any]:
    values: dict[str, Any] = {
        name: row.values[name] for name in ("external_id", "email", "name", "locale", "time_zone") if name in row.values
    }
    if row.ids["self"] is None:
        values.setdefault("name", row.values["email"].partition("@")[0])
    return values


def _team(name: str | None, run: Run) -> Team | None:
    if not name:
        return None
    return (
        Team.objects.filter(name=name).first()
        or Team.objects.filter(external_id=name).first()
        or create_team(name=name, by=run.by, at=run.at)
    )


def _join(user: User, team: Team | None, *, is_new: bool, run: Run) -> bool:
    if team is None:
        return False
    current = TeamMembership.objects.filter(user=user, until_on=None).first()
    if current is not None and current.team_id == team.pk:
        return False
    first = current is None and not TeamMembership.objects.filter(user=user).exists()
    set_team(user_id=user.pk, team_id=team.pk, from_on=SINCE_EVER if first else None, by=run.by, at=run.at)
    return True


def _grant(user: User, roles: tuple[str, ...] | None, team: Team | None, run: Run) -> bool:
    """Give the roles named and take back the others; a manager manages the team of the row."""
    if not roles:
        return False
    if Role.MANAGER in roles and team is None:
        raise RowRefused("needs_other", field="roles", value="manager", other="team")
    held = set(RoleGrant.objects.filter(user=user, revoked_at=None).values_list("role", "team_id"))
    wanted = {(role, team.pk if team and role == Role.MANAGER else None) for role in roles}
    # Who manages a team may be said by other rows' `manager`; a file takes no team away from its manager.
    extra = {(role, team_id) for role, team_id in held - wanted if role != Role.MANAGER}
    for role, team_id in sorted(extra, key=str):
        revoke_role(user_id=user.pk, role=role, team_id=team_id, by=run.by, at=run.at)
    for role, managed_id in sorted(wanted - held, key=str):
        grant_role(user_id=user.pk, role=role, team_id=managed_id, by=run.by, at=run.at)
    return bool(extra or wanted - held)


def _manage(user: User, team: Team | None, run: Run) -> bool:
    """Make the row's person manager of the row's team, which is what `true` in that column means."""
    if team is None:
        raise RowRefused("needs_other", field="manager", value="true", other="team")
    held = RoleGrant.objects.filter(team=team, role=Role.MANAGER, revoked_at=None).select_related("user").first()
    if held is not None and held.user_id != user.pk:
        raise RowRefused("team_has_manager", field="manager", value="true", team=team.name, manager=str(held.user))
    if held is None:
        grant_role(user_id=user.pk, role=Role.MANAGER, team_id=team.pk, by=run.by, at=run.at)
    return held is None


def _report_to(name: str, user: User, team: Team | None, run: Run) -> bool:
    """Make the named person manager of the row's team; where the row's person manages it, the team above it is theirs."""
    people = get_users_by_name()
    manager_id = people.get(name) or people.get(name.lower())
    if manager_id is None:
        raise RowRefused("unknown_reference", field="manager", value=name, what="person")
    if manager_id == user.pk:
        raise RowRefused("own_parent", field="manager", value=name)
    if team is None:
        raise RowRefused("needs_other", field="manager", value=name, other="team")
    own = Team.objects.filter(memberships__user_id=manager_id, memberships__until_on=None).exclude(pk=team.pk).first()
    held = RoleGrant.objects.filter(team=team, role=Role.MANAGER, revoked_at=None).select_related("user").first()
    if held is not None and held.user_id not in (manager_id, user.pk):
        raise RowRefused("team_has_manager", field="manager", value=name, team=team.name, manager=str(held.user))
    changed = held is None
    if held is None:
        grant_role(user_id=manager_id, role=Role.MANAGER, team_id=team.pk, by=run.by, at=run.at)
    if own is not None and team.parent_id is None:
        edit_team(team_id=team.pk, changes={"parent_id": own.pk}, by=run.by, at=run.at)
        changed = True
    return changed
