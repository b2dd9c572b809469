"""Making and changing forms on websites, and the websites themselves (S-13)."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.commands.edits import archive_record, store_record, taken, wait_turn
from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.values import Refusal
from crm.models import User
from crm.queries.access import get_access
from crm.queries.people import may_hold
from scoring.models import WebForm, Website
from scoring.permissions import can_edit_rules
from scoring.policies.forms import form_refusals, origin_refusals

EDITABLE = (
    "code", "name", "asked", "required", "intro", "consent_text", "thanks", "mail_subject", "mail_text",
    "double_opt_in", "origins", "source_id", "campaign_id", "owner_id",
)  # fmt: skip

TAKEN = taken("code", "external_id")


class FormRefused(CommandRefused):
    """The form or website stays as it is; each refusal names its field."""


@transaction.atomic
def add_form(*, by: User, at: datetime, **values: Any) -> WebForm:
    """Make a form.

    :raises NotPermitted: marketing makes forms
    :raises FormRefused: it cannot be so
    """
    _require_permission(by)
    wait_turn("web forms")
    form = WebForm(created_at=at, recorded_at=at, **values)
    _check(form, {}, WebForm.objects.all())
    store_record(form, None, unique=TAKEN, refused=FormRefused)
    return form


@transaction.atomic
def edit_form(
    *,
    form_id: int,
    changes: Mapping[str, Any],
    by: User,
    at: datetime,
    seen: Mapping[str, Any] | None = None,
    seen_version: int | None = None,
) -> WebForm:
    """Change a form; what was sent in by it stays.

    :raises NotPermitted: marketing changes forms
    :raises FormRefused: it cannot be so
    :raises StaleRecord: somebody changed the same field, or the version, meanwhile
    """
    _require_permission(by)
    wait_turn("web forms")
    form = WebForm.objects.select_for_update(of=("self",)).get(pk=form_id)
    _check(form, changes, WebForm.objects.exclude(pk=form_id), owner_was=form.owner_id)
    store_record(form, changes, unique=TAKEN, refused=FormRefused, seen=seen, seen_version=seen_version)
    return form


@transaction.atomic
def put_form(*, form_id: int, is_open: bool, by: User, at: datetime, seen_version: int | None = None) -> WebForm:
    """Close a form, so that nothing is taken by it any more, or open it again.

    :raises NotPermitted: marketing closes forms
    :raises StaleRecord: it changed since it was seen
    """
    _require_permission(by)
    form = WebForm.objects.select_for_update(of=("self",)).get(pk=form_id)
    archive_record(form, at=None if is_open else at, seen_version=seen_version)
    return form


@transaction.atomic
def add_website(*, name: str, origins: list[str], by: User, at: datetime) -> Website:
    """Let a site report what its visitors look at; it gets a key for its pages.

    :raises NotPermitted: marketing adds sites
    :raises FormRefused: it has no name or no address
    """
    _require_permission(by)
    found = origin_refusals(origins)
    if not name.strip():
        found.append(Refusal.of("required", field="name"))
    if not origins:
        found.append(Refusal.of("required", field="origins"))
    if found:
        raise FormRefused(found, field=dict(found[0].params)["field"])
    key = secrets.token_hex(16)
    return Website.objects.create(name=name.strip(), origins=origins, key=key, created_at=at, recorded_at=at)


@transaction.atomic
def put_website(*, website_id: int, is_open: bool, by: User, at: datetime, seen_version: int | None = None) -> Website:
    """Take nothing from a site any more, or again.

    :raises NotPermitted: marketing decides
    :raises StaleRecord: it changed since it was seen
    """
    _require_permission(by)
    site = Website.objects.select_for_update().get(pk=website_id)
    archive_record(site, at=None if is_open else at, seen_version=seen_version)
    return site


def _check(form: WebForm, changes: Mapping[str, Any], others: Any, *, owner_was: int | None = None) -> None:
    values = {name: getattr(form, name) for name in EDITABLE} | dict(changes)
    found = form_refusals(values, is_taken=others.filter(code=values["code"]).exists())
    owner_id = values.get("owner_id")
    if owner_id and owner_id != owner_was and not may_hold(owner_id):
        found.append(Refusal.of("owner_cannot_hold", field="owner_id"))
    if found:
        raise FormRefused(found, field=dict(found[0].params).get("field", ""))


def _require_permission(by: User) -> None:
    if not can_edit_rules(get_access(by)):
        raise NotPermitted(Refusal.of("may_not_edit_rules"))
