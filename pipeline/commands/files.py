"""Files of deals: attached, taken away, put back. Their bytes lie under names of ours, where nothing serves them."""

import hashlib
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.db import transaction

from crm.lib.errors import CommandRefused
from crm.lib.values import Refusal
from crm.models import User
from pipeline.commands.file_bytes import discard_bytes, store_bytes
from pipeline.commands.history import EventDraft, record
from pipeline.commands.opportunities.refused import lock_deal
from pipeline.events import EventKind
from pipeline.models import Opportunity, OpportunityFile
from pipeline.policies import files as policy


class FileRefused(CommandRefused):
    """The file is not taken, or was taken away already."""


@transaction.atomic
def attach_file(
    *, opportunity_id: int, name: str, content: File, by: User | None, at: datetime, note: str = ""
) -> OpportunityFile:
    """Attach a file to a deal; the very same file under the same name is attached once.

    :raises FileRefused: it is of a kind we do not keep, is not what its name says, or would unpack to too much
    :raises FilesAway: it could not be written
    :raises NotPermitted: the person may not change the deal
    """
    deal, name, note = lock_deal(opportunity_id, by=by), policy.clean_name(name), note.strip()
    if deal.archived_at is not None:
        raise FileRefused(Refusal.of("deal_archived"))
    standing = OpportunityFile.objects.filter(opportunity=deal, removed_at=None)
    opened: Any = content  # reads, seeks and knows its size, as the policy needs it
    refused = policy.file_refusals(opened, name=name, size=content.size, limit=settings.FILE_LIMIT)
    if len(note) > policy.NOTE_LENGTH:
        refused.append(Refusal.of("too_long", field="note", limit=policy.NOTE_LENGTH))
    if refused:
        raise FileRefused(refused)
    digest = _digest(content)
    if same := standing.filter(name=name, sha256=digest).first():
        return same
    if standing.count() >= policy.MOST_FILES:
        raise FileRefused(Refusal.of("too_many_files", limit=policy.MOST_FILES))
    key = store_bytes(content)
    try:
        made = OpportunityFile.objects.create(
            opportunity=deal, name=name, key=key, media_type=policy.media_type_of(name), size=content.size,
            sha256=digest, note=note, by=by, at=at,
        )  # fmt: skip
        record(deal, [EventDraft(EventKind.FILE, at, None, file_value(made))], by=by, at=at)
    except BaseException:
        discard_bytes(key)
        raise
    return made


@transaction.atomic
def remove_file(*, file_id: int, by: User | None, at: datetime) -> OpportunityFile:
    """Take a file away: nobody is given it any more, until somebody puts it back. Taken away already, nothing changes.

    :raises NotPermitted: the person may not change the deal
    """
    deal, found = _lock(file_id, by)
    if found.removed_at is None:
        found.removed_at, found.removed_by = at, by
        found.save(update_fields=["removed_at", "removed_by"])
        record(deal, [EventDraft(EventKind.FILE, at, file_value(found), None)], by=by, at=at)
    return found


@transaction.atomic
def restore_file(*, file_id: int, by: User | None, at: datetime) -> OpportunityFile:
    """Put a file back that was taken away.

    :raises FileRefused: the deal has as many files as it may
    :raises NotPermitted: the person may not change the deal
    """
    deal, found = _lock(file_id, by)
    if found.removed_at is not None:
        if OpportunityFile.objects.filter(opportunity=deal, removed_at=None).count() >= policy.MOST_FILES:
            raise FileRefused(Refusal.of("too_many_files", limit=policy.MOST_FILES))
        found.removed_at = found.removed_by = None
        found.save(update_fields=["removed_at", "removed_by"])
        record(deal, [EventDraft(EventKind.FILE, at, None, file_value(found))], by=by, at=at)
    return found


def file_value(file: OpportunityFile) -> dict[str, object]:
    """Return a file as events hold it."""
    return {"file": file.pk, "name": file.name, "size": file.size}


def _lock(file_id: int, by: User | None) -> tuple[Opportunity, OpportunityFile]:
    deal = lock_deal(OpportunityFile.objects.values_list("opportunity_id", flat=True).get(pk=file_id), by=by)
    return deal, OpportunityFile.objects.select_for_update(of=("self",)).get(pk=file_id)


def _digest(content: File) -> str:
    digest = hashlib.sha256()
    for chunk in content.chunks():
        digest.update(chunk)
    return digest.hexdigest()
