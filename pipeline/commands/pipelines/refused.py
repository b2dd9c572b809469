"""What changes of pipelines are refused with, and what they have in common."""

from collections.abc import Container
from datetime import datetime

from django.utils.text import slugify

from crm.commands.jobs import enqueue_job
from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.values import Refusal
from crm.models import User
from crm.permissions import can_administer
from crm.queries.access import get_access
from pipeline.models import Pipeline

REFRESH = "pipeline.refresh_after_change"


class PipelineRefused(CommandRefused):
    """The pipeline, setpoint or criterion may not be like this; the refusals name the fields."""


def lock_pipeline(pipeline_id: int, *, by: User | None) -> Pipeline:
    """Return the pipeline, locked, so that two administrators change it one after the other; deals go on meanwhile.

    :raises NotPermitted: the person does not administer; `by=None` is the system itself
    """
    if by is not None and not can_administer(get_access(by)):
        raise NotPermitted(Refusal.of("may_not_change_pipelines"))
    return Pipeline.objects.select_for_update(no_key=True).get(pk=pipeline_id)


def ask_for_refresh(at: datetime) -> None:
    """Ask for what is derived of all open deals, as soon as this change is committed."""
    enqueue_job(task=REFRESH, kwargs={}, at=at)


def free_code(name: str, taken: Container[str], *, otherwise: str) -> str:
    """Return a code made of a name that nothing has yet."""
    stem = slugify(name)[:40].replace("-", "_") or otherwise
    code, number = stem, 2
    while code in taken:
        code, number = f"{stem}_{number}", number + 1
    return code


def refuse_text(name: str, text: str, limit: int) -> list[Refusal]:
    """Return why a text will not do: it is empty or too long."""
    if not text.strip():
        return [Refusal.of("text_needed", field=name)]
    return [Refusal.of("too_long", field=name, limit=limit)] if len(text.strip()) > limit else []
