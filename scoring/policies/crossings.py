"""When a lead goes to sales (math.md B23 "Hand-off", D-27)."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from scoring.enums import FINISHED_STATUSES, LeadStatus, WaitingReason
from scoring.facts import CrossingRecord, LeadHistory, ModelFacts, NewCrossing, Step

LATE = timedelta(days=14)


def may_cross(steps: Iterable[Step], *, model: ModelFacts) -> bool:
    """Return whether any moment went over the threshold, armed or not, or asks to go to sales; most leads never do."""
    return any(step.fast_track or step.before < model.threshold <= step.after for step in steps)


def find_crossings(
    steps: Sequence[Step],
    *,
    model: ModelFacts,
    history: LeadHistory,
    at: datetime,
    waiting: WaitingReason | None = None,
    published_at: datetime | None = None,
) -> list[NewCrossing]:
    """Return the crossings that are not recorded yet, by time.

    A crossing is recorded once whatever later comes to light: a back-dated event that moves it within the
    same spell over the threshold gives none. `waiting` makes all of them wait for a person; without it only
    those more than 14 days before `at` do, those of a lead that is finished by now, and with `published_at`, given
    where the rules changed since the lead was scored last, those up to then. What is handed over counts as open
    until somebody answers.
    """
    return _Arming(model, history, at, waiting, published_at).walk(steps)


class _Arming:
    """Whether the lead is armed and whether sales holds it, moment by moment."""

    def __init__(
        self,
        model: ModelFacts,
        history: LeadHistory,
        at: datetime,
        waiting: WaitingReason | None,
        published_at: datetime | None,
    ) -> None:
        self.model, self.at, self.waiting, self.published_at = model, at, waiting, published_at
        self.known = {record.cause for record in history.crossings}
        self.ahead: list[CrossingRecord] = list(reversed(history.crossings))
        self.held: list[CrossingRecord] = [record for record in history.crossings if record.opened_at]
        self.status_times = [moment for moment, _ in history.statuses]
        self.statuses = [history.status_before, *(status for _, status in history.statuses)]
        self.armed = True
        self.found: list[NewCrossing] = []
        self.unsettled = False  # the last crossing found may still turn out to be a recorded one moved
        self.open_since_found = False

    def walk(self, steps: Sequence[Step]) -> list[NewCrossing]:
        """Take the steps in order and return what was found."""
        for step in steps:
            self._pass_records(step)
            finished = self._status(step.at) in FINISHED_STATUSES
            is_open = self._is_open(step.at)
            if finished:
                self.armed = False
            elif step.before <= self.model.rearm_at and not is_open:
                self.armed, self.unsettled = True, False
            if (step.fast_track or step.before < self.model.threshold <= step.after) and not finished:
                self._cross(step, is_open)
            elif step.cause in self.known:
                self.armed = False
        self._pass_records(None)
        return self.found

    def _cross(self, step: Step, is_open: bool) -> None:
        crosses = (self.armed or is_open or step.fast_track) and step.cause not in self.known
        self.armed = False
        if not crosses:
            return
        waiting = self.waiting or self._reason(step.at)
        self.found.append(
            NewCrossing(step.cause, step.at, step.after, is_open, None if is_open else waiting, step.fast_track)
        )
        if not is_open:
            self.unsettled = True
            self.open_since_found = waiting is None

    def _reason(self, crossed_at: datetime) -> WaitingReason | None:
        if self.published_at is not None and crossed_at <= self.published_at:
            return WaitingReason.PUBLISHED
        too_late = self.at - crossed_at > LATE or self.statuses[-1] in FINISHED_STATUSES
        return WaitingReason.LATE if too_late else None

    def _pass_records(self, step: Step | None) -> None:
        """Let the recorded crossings up to a step disarm the lead; one within the spell settles what was found."""
        while self.ahead and (step is None or self.ahead[-1].crossed_at <= step.at):
            record = self.ahead.pop()
            if self.unsettled and not self._fell_before(record, step):
                self._drop_found()
            self.unsettled = False
            if step is None or record.cause != step.cause:
                self.armed = False  # its own event disarms below; one that no longer crosses disarms here

    def _fell_before(self, record: CrossingRecord, step: Step | None) -> bool:
        """Return whether the spell of what was found was over by the instant a record is of."""
        is_at = step is not None and record.crossed_at == step.at and step.before <= self.model.rearm_at
        return is_at and not self.open_since_found

    def _drop_found(self) -> None:
        while self.found and self.found[-1].attaches:
            self.found.pop()
        if self.found:
            self.found.pop()
        self.open_since_found = False

    def _is_open(self, moment: datetime) -> bool:
        if self.open_since_found:
            return True
        return any(
            record.opened_at <= moment and (record.closed_at is None or moment < record.closed_at)
            for record in self.held
            if record.opened_at
        )

    def _status(self, moment: datetime) -> LeadStatus:
        return self.statuses[bisect_right(self.status_times, moment)]
