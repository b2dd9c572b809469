"""Inviting people, their profile, and letting them go (C-1, D-49)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from crm import registries
from crm.commands.grants import (
    add_grant,
    cancel_memberships,
    end_membership,
    require_administrator,
    revoke_all_grants,
    start_membership,
)
from crm.commands.invitations import prepare_invitation
from crm.commands.jobs import enqueue_job
from crm.commands.tokens import revoke_tokens_of
from crm.enums import Role
from crm.lib.errors import CommandRefused, StaleRecord
from crm.lib.values import Refusal
from crm.models import Account, Activity, Contact, RoleGrant, User
from crm.policies.contact_details import normal_email, normal_text
from crm.policies.edits import conflicts
from crm.policies.people import person_refusals, profile_refusals
from crm.queries.organisation import get_local_date, get_organisation, get_zone
from crm.queries.people import is_last_administrator, may_hold


class PersonRefused(CommandRefused):
    """The person was not written; a refusal names its field where it has one."""


@transaction.atomic
def make_first_administrator(*, email: str, password: str, at: datetime, name: str = "") -> User:
    """Make the administrator of an empty installation, who invites everybody else.

    :raises PersonRefused: there is one already, or the values are no person
    """
    if RoleGrant.objects.filter(role=Role.ADMIN, revoked_at=None, user__is_active=True).exists():
        raise PersonRefused(Refusal.of("administrator_exists"))
    known_as = name or email.partition("@")[0]
    user = _add_person(email=email, name=known_as, roles=[Role.ADMIN], locale=None, time_zone=None, at=at)
    _store_password(user, password)
    add_grant(user_id=user.pk, role=Role.ADMIN, team_id=None, by=None, at=at)
    return user


@transaction.atomic
def invite_user(
    *,
    email: str,
    name: str,
    roles: Iterable[str] = (),
    team_id: int | None = None,
    locale: str | None = None,
    time_zone: str | None = None,
    base_url: str = "",
    by: User | None,
    at: datetime,
) -> User:
    """Add a person and, where `base_url` is given, mail them a link to set a password; managers are granted apart.

    :raises NotPermitted: only an administrator invites
    :raises PersonRefused: the e-mail is in use, or the values are no person
    """
    require_administrator(by)
    chosen = list(dict.fromkeys(roles))
    user = _add_person(email=email, name=name, roles=chosen, locale=locale, time_zone=time_zone, at=at)
    for role in chosen:
        add_grant(user_id=user.pk, role=role, team_id=team_id if role == Role.MANAGER else None, by=by, at=at)
    if team_id is not None:
        start_membership(user_id=user.pk, team_id=team_id, from_on=get_local_date(at))
    prepare_invitation(user)
    if base_url:
        enqueue_job(task="crm.send_invitation", kwargs={"user_id": user.pk, "base_url": base_url}, at=at)
    return user


@transaction.atomic
def invite_again(*, user_id: int, base_url: str, by: User | None, at: datetime) -> User:
    """Mail the link to set a password once more; without `base_url` it is only made ready, to be handed over.

    :raises NotPermitted: only an administrator invites
    :raises PersonRefused: the person left
    """
    require_administrator(by)
    user = User.objects.select_for_update().get(pk=user_id)
    if not user.is_active:
        raise PersonRefused(Refusal.of("person_left"))
    prepare_invitation(user)
    if base_url:
        enqueue_job(task="crm.send_invitation", kwargs={"user_id": user.pk, "base_url": base_url}, at=at)
    return user


@transaction.atomic
def edit_profile(
    *, user_id: int, changes: Mapping[str, Any], by: User | None, at: datetime, seen: Mapping[str, Any] | None = None
) -> User:
    """Change name, language, time zone, theme or shortcuts of oneself, or of somebody else as administrator.

    :raises NotPermitted: it is somebody else's profile
    :raises PersonRefused: a value is not one we know
    :raises StaleRecord: the same field changed since it was seen
    """
    if by is not None and by.pk != user_id:
        require_administrator(by)
    wanted = {name: normal_text(value) if name == "name" else value for name, value in changes.items()}
    if refusals := profile_refusals(wanted, languages=known_locales()):
        raise PersonRefused(refusals, field=dict(refusals[0].params).get("field", ""))
    user = User.objects.select_for_update().get(pk=user_id)
    current = {name: getattr(user, name) for name in wanted}
    if stale := conflicts(current, seen=seen or {}, wanted=wanted):
        raise StaleRecord(seen=user.version, now=user.version, current=stale)
    changed = [name for name, value in wanted.items() if current[name] != value]
    if changed:
        for name in changed:
            setattr(user, name, wanted[name])
        user.version += 1
        user.save(update_fields=[*changed, "version"])
    return user


@transaction.atomic
def share_password(*, password: str, by: User | None, at: datetime) -> None:
    """Give everybody the same password, for the demo; people set their own by the link they are mailed.

    It is hashed once, for hashing is slow on purpose.

    :raises NotPermitted: only an administrator may
    :raises PersonRefused: the password is too weak
    """
    require_administrator(by)
    first, *others = User.objects.select_for_update().order_by("pk")
    _store_password(first, password)
    User.objects.filter(pk__in=[user.pk for user in others]).update(password=first.password)


@transaction.atomic
def deactivate_user(*, user_id: int, reassign_to_id: int, by: User | None, at: datetime) -> dict[str, int]:
    """Let a person go: no sign-in, no token, no role, and a new owner for everything they still hold, in one step.

    Returns how many records moved, by kind. Gone already: nothing happens.

    :raises NotPermitted: only an administrator may
    :raises PersonRefused: they are the last administrator, or the new owner cannot hold records
    """
    require_administrator(by)
    # Both, in one order: the one who takes over may be leaving at the same moment.
    people = {person.pk: person for person in _lock_people(user_id, reassign_to_id)}
    user = people[user_id]
    if not user.is_active:
        return {}
    if by is not None and by.pk == user_id:
        raise PersonRefused(Refusal.of("not_yourself"))
    if is_last_administrator(user_id):
        raise PersonRefused(Refusal.of("last_administrator"))
    if reassign_to_id == user_id or not may_hold(reassign_to_id):
        raise PersonRefused(Refusal.of("owner_cannot_hold", field="reassign_to"), field="reassign_to")
    user.is_active, user.deactivated_at = False, at
    user.version += 1
    user.save(update_fields=["is_active", "deactivated_at", "version"])
    revoke_all_grants(user_id=user_id, by=by, at=at)
    end_membership(user_id=user_id, on=get_local_date(at))
    cancel_memberships(user_id=user_id, after=get_local_date(at))
    revoke_tokens_of(user_id=user_id, at=at)
    return _hand_over(user_id, reassign_to_id, by=by, at=at)


@transaction.atomic
def reactivate_user(*, user_id: int, by: User | None, at: datetime) -> User:
    """Let a person sign in again; roles and team are given anew.

    :raises NotPermitted: only an administrator may
    """
    require_administrator(by)
    user = User.objects.select_for_update().get(pk=user_id)
    if not user.is_active:
        user.is_active, user.deactivated_at = True, None
        user.version += 1
        user.save(update_fields=["is_active", "deactivated_at", "version"])
    return user


def known_locales() -> list[str]:
    """Return the languages the texts exist in."""
    return [code for code, _ in settings.LANGUAGES]


def _lock_people(*ids: int) -> list[User]:
    return list(User.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


def _store_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        codes = [Refusal.of(item.code or "password_weak", field="password") for item in error.error_list]
        raise PersonRefused(codes, field="password") from error
    user.set_password(password)
    user.save(update_fields=["password"])


def _add_person(
    *, email: str, name: str, roles: list[str], locale: str | None, time_zone: str | None, at: datetime
) -> User:
    refusals = person_refusals(email=email, name=name, roles=roles)
    given = {"locale": locale, "time_zone": time_zone}
    refusals += profile_refusals({key: value for key, value in given.items() if value}, languages=known_locales())
    if refusals:
        raise PersonRefused(refusals, field=dict(refusals[0].params).get("field", ""))
    user = User(email=normal_email(email) or "", name=normal_text(name), created_at=at)
    user.locale = locale or get_organisation().language
    user.time_zone = time_zone or get_zone().key
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise PersonRefused(Refusal.of("taken", field="email"), field="email") from error
    return user


def _hand_over(from_id: int, to_id: int, *, by: User | None, at: datetime) -> dict[str, int]:
    moved: dict[str, QuerySet[Any]] = {
        "accounts": Account.objects.filter(owner_id=from_id, archived_at=None),
        "contacts": Contact.objects.filter(owner_id=from_id, archived_at=None),
        "activities": Activity.objects.filter(owner_id=from_id, archived_at=None, done_at=None),
    }
    counts = {name: held.update(owner_id=to_id, version=F("version") + 1) for name, held in moved.items()}
    for name, handler in registries.owner_changes.items():
        counts[name] = handler(from_user_id=from_id, to_user_id=to_id, by=by, at=at)
    return counts
