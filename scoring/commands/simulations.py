"""Trying rules on the real past, in parts of one transaction each (S-7)."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from crm.commands.jobs import JobRequest, enqueue_jobs
from crm.lib.bulk import without_collector
from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.values import Refusal
from crm.models import User
from crm.queries.access import get_access
from scoring.models import ScoringModel, Simulation, SimulationPart
from scoring.permissions import can_edit_rules
from scoring.policies.simulated import Sums, merge
from scoring.policies.simulation import trace
from scoring.policies.snapshots import read_snapshot, write_snapshot
from scoring.queries.moments import stream_moments
from scoring.queries.rules import get_published_model, get_rulebook, to_facts
from scoring.queries.simulations import (
    SIMULATE_PART,
    get_past_leads,
    get_split,
    is_stuck,
    job_key,
    split_past,
)

PART = 4_000  # leads; a few seconds of work


class SimulationRefused(CommandRefused):
    """The rules cannot be tried as it stands."""


@transaction.atomic
def ask_simulation(
    *, model_id: int, by: User | None, at: datetime, as_of: datetime | None = None, in_process: bool = False
) -> Simulation:
    """Ask for a version to be tried on the real past, up to `as_of` or now, against the one in force: one job a part.

    Asked again while the same rules are being tried it gives that try. With `in_process` no jobs are made, because
    the caller runs the parts. `by` None is the operator at the machine.

    :raises NotPermitted: the person may only read the rules
    :raises SimulationRefused: there are no leads to try them on
    """
    if by is not None and not can_edit_rules(get_access(by)):
        raise NotPermitted(Refusal("may_not_edit_rules"))
    model = ScoringModel.objects.select_for_update().get(pk=model_id)
    under_way = Simulation.objects.filter(model=model, model_version=model.version, finished_at=None).first()
    if under_way is not None and not in_process and not is_stuck(under_way):
        return under_way
    until = as_of or at
    parts = split_past(size=PART, as_of=until)
    if not parts:
        raise SimulationRefused(Refusal("no_leads_to_try"))
    simulation = Simulation.objects.create(
        model=model,
        number=model.number,
        model_version=model.version,
        rules=write_snapshot(to_facts(model)),
        in_force=write_snapshot(to_facts(get_published_model())),
        as_of=until,
        split_at=get_split(until),
        leads=sum(leads for _, _, leads in parts),
        asked_by=by,
        asked_at=at,
    )
    made = SimulationPart.objects.bulk_create(
        SimulationPart(simulation=simulation, first=first, last=last, leads=leads) for first, last, leads in parts
    )
    if not in_process:
        asked = [JobRequest(SIMULATE_PART, {"part_id": part.pk}, job_key(part.pk)) for part in made]
        enqueue_jobs(requests=asked, at=at)
    return simulation


@transaction.atomic
def simulate_part(*, part_id: int, at: datetime) -> None:
    """Try the rules on the leads of a part; done already it does nothing, and the last one ends the try."""
    part = SimulationPart.objects.select_for_update(of=("self",)).select_related("simulation").get(pk=part_id)
    if part.done_at is not None:
        return
    with without_collector(many=part.leads):
        part.result, part.done_at = _add_up(part), at
    part.save(update_fields=["result", "done_at"])
    # Locked late, so that two workers try parts side by side and only end the try one after the other.
    simulation = Simulation.objects.select_for_update().get(pk=part.simulation_id)
    if not simulation.parts.filter(done_at=None).exists():
        simulation.result = merge(part.result or {} for part in simulation.parts.order_by("first"))
        simulation.finished_at = at
        simulation.save(update_fields=["result", "finished_at"])
        simulation.parts.update(result=None)


def _add_up(part: SimulationPart) -> dict[str, object]:
    simulation = part.simulation
    draft, published = read_snapshot(simulation.rules), read_snapshot(simulation.in_force)
    as_of, zones = simulation.as_of, get_rulebook().zones
    leads = {lead.id: lead for lead in get_past_leads(first=part.first, last=part.last, as_of=as_of)}
    sums = Sums(draft=draft, published=published, as_of=as_of, split_at=simulation.split_at)
    # What either asks for is read once.
    silent = draft.silent_types | published.silent_types
    asks = replace(draft, rules=draft.rules + published.rules, silent_types=silent)
    same = draft == published
    for lead_id, ordered in stream_moments(list(leads), model=asks, known_at=as_of):
        lead = leads.pop(lead_id)
        tried = trace(ordered, model=draft, zones=zones, mark=lead.mark, as_of=as_of)
        stands = tried if same else trace(ordered, model=published, zones=zones, mark=lead.mark, as_of=as_of)
        drawn = None
        if lead.drawn_at is not None:
            drawn = trace(ordered, model=draft, zones=zones, mark=lead.drawn_at, as_of=as_of)
        sums.add(lead, tried, stands, drawn=drawn)
    for lead in leads.values():  # what did nothing has no moments
        nothing = [trace((), model=model, zones=zones, mark=lead.mark, as_of=as_of) for model in (draft, published)]
        sums.add(lead, *nothing, drawn=nothing[0] if lead.drawn_at else None)
    return sums.as_json()
