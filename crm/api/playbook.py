"""The shapes of kinds of buyers and of what is worth knowing of a company."""

from typing import Any

from crm.api.fields import Choice, Day, Id, RelatedId, Text
from crm.api.serializers import RecordShape, account_field
from crm.enums import Burner, InsightKind
from crm.policies.insights import LONGEST_TEXT
from crm.policies.personas import LINES
from crm.policies.personas import LONGEST_TEXT as LONGEST_PERSONA_TEXT
from crm.queries.contacts import contacts_visible_to


def long_text(longest: int = LONGEST_PERSONA_TEXT) -> Any:
    """Return the field of a text of several lines that may be empty."""
    return Text(max_length=longest, required=False, allow_blank=True)


class PersonaShape(RecordShape):
    """A kind of buyer; contacts name theirs as `persona`."""

    name = Text(max_length=LINES["name"])
    position = Text(max_length=LINES["position"], required=False, allow_blank=True)
    responsibilities = long_text()
    goals = long_text()
    challenges = long_text()
    channels = long_text()
    decision_criteria = long_text()


class InsightShape(RecordShape):
    """An aim, a goal, an event or a coming change of a company.

    A goal names its `burner`, nothing else does; an event and a change have a day, `on`. `told_by` is a contact of the
    account, `by` who noted it.
    """

    account = account_field(required=True, allow_null=False)
    kind = Choice(choices=list(InsightKind))
    text = Text(max_length=LONGEST_TEXT)
    on = Day(required=False, allow_null=True)
    burner = Choice(choices=list(Burner), required=False, allow_blank=True)
    told_by = RelatedId(source="told_by_id", visible=contacts_visible_to, required=False, allow_null=True)
    by = Id(source="by_id", read_only=True, allow_null=True)


class InsightChangesShape(InsightShape):
    """What may change about an insight; it stays with its account."""

    account = Id(source="account_id", read_only=True)  # type: ignore[assignment]  # read here, written above
