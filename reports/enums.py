"""Closed lists of reports."""

from enum import StrEnum


class RunState(StrEnum):
    QUEUED = "queued"
    BUILDING = "building"
    READY = "ready"
    FAILED = "failed"
    STOPPED = "stopped"


class PartState(StrEnum):
    WAITING = "waiting"
    BUILDING = "building"
    DONE = "done"
    FAILED = "failed"


class PartKind(StrEnum):
    """The parts of a QBR, in the order they are built and read."""

    RESULT = "result"
    PIPELINE = "pipeline"
    KEY_DEALS = "key_deals"
    LOST_DEALS = "lost_deals"
    SECTORS = "sectors"
    LEADS = "leads"
    ACTIONS = "actions"
