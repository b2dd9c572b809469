"""The shapes of holidays and absences."""

from crm.api.fields import Day, Id, RelatedId, Shape, Text
from crm.policies.calendars import LONGEST_NAME, LONGEST_NOTE
from crm.queries.people import users_visible_to


class HolidayShape(Shape):
    """A day nobody works in a country of two letters; without one nobody works anywhere."""

    id = Id(source="pk", read_only=True)
    country = Text(max_length=2, required=False, allow_blank=True)
    on = Day()
    name = Text(max_length=LONGEST_NAME)


class AbsenceShape(Shape):
    """Somebody is away, both days included."""

    id = Id(source="pk", read_only=True)
    user = RelatedId(source="user_id", visible=users_visible_to, required=False)
    from_on = Day()
    to_on = Day()
    note = Text(max_length=LONGEST_NOTE, required=False, allow_blank=True)
