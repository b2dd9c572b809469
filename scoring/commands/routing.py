"""Writing how leads find their rep, and what marketing and sales agreed on (S-9, LT-141)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.commands.edits import archive_record, store_record, taken
from crm.lib.errors import CommandRefused, NotPermitted, StaleRecord
from crm.lib.values import Refusal
from crm.models import Team, User
from crm.queries.access import get_access
from scoring.models import HandoffTerms, RepShare, Territory
from scoring.permissions import can_edit_rules
from scoring.policies.territories import clean_list, clean_territory, owner_refusals, share_refusals, terms_refusals
from scoring.queries.reps import active_reps

TAKEN = taken("name", "external_id")


class RoutingRefused(CommandRefused):
    """Nothing was written; each refusal names its field."""


@transaction.atomic
def add_territory(*, values: Mapping[str, Any], by: User | None, at: datetime) -> Territory:
    """Give leads of some countries, languages or industries to a team or a rep from now on.

    :raises NotPermitted: only marketing and administrators may
    :raises RoutingRefused: a value cannot be stored, or another territory in use has the name
    """
    _require(by)
    territory = Territory(created_at=at, recorded_at=at, **_cleaned({"name": "", "order": 0, **values}))
    _check_owner(territory)
    store_record(territory, None, unique=TAKEN, refused=RoutingRefused)
    return territory


@transaction.atomic
def edit_territory(
    *,
    territory_id: int,
    changes: Mapping[str, Any],
    by: User | None,
    at: datetime,
    seen: Mapping[str, Any] | None = None,
    seen_version: int | None = None,
) -> Territory:
    """Change a territory; leads handed over before stay where they are.

    :raises NotPermitted: only marketing and administrators may
    :raises RoutingRefused: a value cannot be stored
    :raises StaleRecord: somebody changed the same field, or the version, since it was seen
    """
    territory = _lock(territory_id, by=by)
    cleaned = _cleaned(changes)
    _check_owner(territory, cleaned)
    store_record(territory, cleaned, unique=TAKEN, refused=RoutingRefused, seen=seen, seen_version=seen_version)
    return territory


@transaction.atomic
def archive_territory(
    *, territory_id: int, by: User | None, at: datetime, seen_version: int | None = None
) -> Territory:
    """Ask a territory no longer. Archived already: nothing happens.

    :raises NotPermitted: only marketing and administrators may
    :raises StaleRecord: it changed since it was seen
    """
    territory = _lock(territory_id, by=by)
    archive_record(territory, at=at, seen_version=seen_version)
    return territory


@transaction.atomic
def set_share(
    *,
    user_id: int,
    by: User | None,
    at: datetime,
    capacity: int | None = None,
    languages: list[str] | None = None,
    seen: Mapping[str, Any] | None = None,
) -> RepShare:
    """Say how many leads a rep takes beside the others, and in which languages; 0 takes no turn, and what is not said stays.

    :raises NotPermitted: only marketing and administrators may
    :raises RoutingRefused: this is no rep, no share or no language
    :raises StaleRecord: somebody said otherwise since it was seen
    """
    _require(by)
    spoken, refusals = clean_list("languages", languages or [])
    refusals += [] if capacity is None else share_refusals(capacity=capacity)
    if not active_reps().filter(pk=user_id).exists():
        refusals.append(Refusal.of("choose_offered", field="user_id"))
    if refusals:
        raise RoutingRefused(refusals, field=dict(refusals[0].params)["field"])
    User.objects.select_for_update(no_key=True).get(pk=user_id)
    share = RepShare.objects.filter(pk=user_id).first() or RepShare(pk=user_id)
    wanted = ({} if capacity is None else {"capacity": capacity}) | ({} if languages is None else {"languages": spoken})
    for name, value in wanted.items():
        stands = getattr(share, name)
        if seen is not None and name in seen and stands not in (value, _plain(seen[name])):
            raise StaleRecord(seen=0, now=0)
    return RepShare.objects.update_or_create(pk=user_id, defaults=wanted)[0]


@transaction.atomic
def agree_on_terms(
    *,
    by: User | None,
    at: datetime,
    answer_minutes: int | None = None,
    remind_minutes: int | None = None,
    trial_percent: int | None = None,
    pauses_when_away: bool | None = None,
    seen_version: int | None = None,
) -> HandoffTerms:
    """Say how soon leads are answered from now on; clocks that run stay as they are, and what is not said stays too.

    :raises NotPermitted: only marketing and administrators may
    :raises RoutingRefused: a number is out of range
    :raises StaleRecord: somebody agreed on other terms since they were seen
    """
    _require(by)
    HandoffTerms.objects.get_or_create(pk=1)
    terms = HandoffTerms.objects.select_for_update().get(pk=1)
    if seen_version not in (None, terms.version):
        raise StaleRecord(seen=seen_version or 0, now=terms.version)
    said = {"answer_minutes": answer_minutes, "remind_minutes": remind_minutes, "trial_percent": trial_percent}
    values = {name: getattr(terms, name) if number is None else number for name, number in said.items()}
    if refusals := terms_refusals(**values):
        raise RoutingRefused(refusals, field=dict(refusals[0].params)["field"])
    values["pauses_when_away"] = terms.pauses_when_away if pauses_when_away is None else pauses_when_away
    if any(getattr(terms, name) != number for name, number in values.items()):
        HandoffTerms.objects.filter(pk=1).update(**values, version=terms.version + 1)
        terms.refresh_from_db()
    return terms


def _plain(seen: Any) -> Any:
    return clean_list("languages", seen)[0] if isinstance(seen, list) else seen


def _require(by: User | None) -> None:
    if by is not None and not can_edit_rules(get_access(by)):
        raise NotPermitted(Refusal.of("may_not_edit_routing"))


def _lock(territory_id: int, *, by: User | None) -> Territory:
    _require(by)
    return Territory.objects.select_for_update(of=("self",)).get(pk=territory_id)


def _cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    cleaned, refusals = clean_territory(values)
    if refusals:
        raise RoutingRefused(refusals, field=dict(refusals[0].params)["field"])
    return cleaned


def _check_owner(territory: Territory, changes: Mapping[str, Any] | None = None) -> None:
    changed = changes or {}
    team_id = changed.get("team_id", territory.team_id)
    rep_id = changed.get("rep_id", territory.rep_id)
    refusals = owner_refusals(team_id=team_id, rep_id=rep_id)
    if team_id is not None and not Team.objects.filter(pk=team_id, archived_at=None).exists():
        refusals.append(Refusal.of("choose_offered", field="team_id"))
    if rep_id is not None and not active_reps().filter(pk=rep_id).exists():
        refusals.append(Refusal.of("choose_offered", field="rep_id"))
    if refusals:
        raise RoutingRefused(refusals, field=dict(refusals[0].params)["field"])
