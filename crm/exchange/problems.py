"""What may be wrong with a row or a file, and the sentence a person can act on."""

import dataclasses
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

MESSAGES = {
    # the file
    "no_file": _("There is no file %(path)s. Check the path."),
    "empty_file": _("The file is empty. Export it again with a header row."),
    "not_csv": _("The file is %(what)s, not CSV. Open it in its program and save it as “CSV UTF-8”."),
    "not_utf8": _("The file is not UTF-8 (near row %(row)s). Save it as “CSV UTF-8” and import it again."),
    "utf16_without_mark": _("The file looks like UTF-16 without its mark. Save it as “CSV UTF-8”."),
    "broken_csv": _("Row %(row)s cannot be read (%(detail)s). Close every quote and double quotes inside a cell."),
    "line_too_long": _("Row %(row)s is longer than %(limit)s characters. Is a quote never closed?"),
    "too_many_columns": _("The header has %(count)s columns, at most %(limit)s are read."),
    "duplicate_header": _("The header names %(names)s twice. Give every column its own name."),
    "wrong_header": _(
        "No column of the header is a field of %(kind)s. "
        "Name columns like the fields (%(fields)s) or give a mapping file."
    ),
    "missing_column": _("The mapping names the column “%(column)s”, which the file does not have. Its columns: %(columns)s."),
    "missing_field": _("%(kind)s needs %(field)s. Map a column to it or give it a default in the mapping file."),
    "unknown_kind": _("There is no kind “%(kind)s”. Kinds: %(kinds)s."),
    "unknown_field": _("“%(field)s” is no field of %(kind)s. Fields: %(fields)s."),
    "unreadable_file": _("The file %(path)s cannot be read (%(detail)s). Check its rights and where it lies."),
    # the mapping file
    "mapping_too_large": _("The mapping file is larger than 1 MB. Is it the mapping?"),
    "mapping_too_deep": _("The mapping file is nested too deeply. Is it the mapping?"),
    "mapping_no_json": _("The mapping file is no JSON (%(detail)s). Correct it there."),
    "mapping_unknown_key": _("The mapping file has the key “%(key)s” in %(place)s. Keys are %(keys)s."),
    "mapping_no_object": _("In the mapping file %(place)s must be an object, as in {\"a\": \"b\"}."),
    "mapping_no_list": _("In the mapping file %(place)s must be a list, as in [\"a\"]."),
    "mapping_no_text": _("In the mapping file %(place)s must hold plain values, no lists or objects."),
    "mapping_filled_twice": _("The mapping file fills %(field)s twice. Join columns by a template."),
    "mapping_no_zone": _("The mapping file names the time zone “%(zone)s”, which is none. Write one such as Europe/Berlin."),
    "mapping_no_date_format": _("In the mapping file date_format is “%(format)s”. Write it like %%d.%%m.%%Y."),
    "mapping_no_repeat": _("In the mapping file repeat must be a column or a whole number from 1."),
    "mapping_no_key": _("In the mapping file every part of expand needs a key of its own."),
    "mapping_not_two": _("In the mapping file if_more names two columns."),
    # what was asked for
    "unknown_owner_default": _("Nobody has the e-mail %(email)s. Give --owner-default the e-mail of a person here."),
    "rejects_in_the_way": _("--rejects would overwrite %(path)s, which is to be read. Choose another place."),
    "rejects_unwritable": _("The file for rejected rows, %(path)s, cannot be written. Choose another place."),
    "import_running": _("Another import of %(kind)s is running. Wait for it and start again."),
    # a row
    "ragged_row": _("The row has %(cells)s cells, the header has %(columns)s. Quote cells that hold the delimiter."),
    "nul_character": _("The cell holds a NUL character. Remove it from the source."),
    "required": _("A value is needed. Fill the cell or give a default in the mapping file."),
    "too_long": _("At most %(limit)s characters fit; this has %(length)s. Shorten it."),
    "not_a_date": _("This is no date. Write YYYY-MM-DD, or set date_format in the mapping file (now: %(format)s)."),
    "not_a_moment": _("This is no moment. Write YYYY-MM-DDTHH:MM, or set date_format in the mapping file (now: %(format)s)."),
    "date_out_of_range": _("The year must lie between %(first)s and %(last)s. Correct it."),
    "not_a_number": _("This is no number this field can hold. Write plain digits, such as 1250 or 1250.50."),
    "number_too_large": _("At most %(limit)s fits. Correct the number."),
    "negative": _("The number must not be below zero. Correct it."),
    "too_precise": _("%(currency)s has %(places)s decimals. Round the amount."),
    "no_currency": _("“%(currency)s” is no ISO 4217 currency. Write a code such as EUR."),
    "not_a_boolean": _("Write true or false (yes/no, 1/0)."),
    "not_allowed": _("Allowed are: %(allowed)s. Correct it or map it under “values” in the mapping file."),
    "not_an_email": _("This is no e-mail address. Correct it or leave it empty."),
    "not_a_domain": _("This is no domain. Write it like example.com."),
    "not_a_phone": _("This is no phone number. Write it with its country, like +44 20 7946 0018."),
    "not_a_country": _("This is no country code. Write two letters of ISO 3166, such as DE, or map it under “values”."),
    "not_a_zone": _("This is no time zone. Write a name such as Europe/Berlin."),
    "not_a_locale": _("This is no language. Write a code such as en or de-AT."),
    "not_a_period": _("This is no period. Write 2026, 2026Q3 or 2026-07."),
    "bad_property": _("The property cannot be kept. Shorten its name or value."),
    "no_identity": _("The row has none of %(fields)s, so it could not be recognised again. Give it one."),
    "duplicate_in_file": _("Row %(row)s has the same. Keep one of the two."),
    "unknown_reference": _("No %(what)s is known by this. Import it first, or correct the value."),
    "ambiguous_reference": _("Several %(what)s match this. Use the external id."),
    "taken": _("This belongs to another %(what)s (%(other)s). Correct one of the two."),
    "needs_other": _("The row also needs %(other)s. Fill it in."),
    "needs_owner": _("Nobody would own the record. Fill in the owner, or name one for all such rows with --owner-default."),
    "needs_done": _("What is not done has no outcome. Set done to true, or leave the outcome empty."),
    "left_before_it_came": _("churned_on lies before customer_since. Correct one of the days."),
    "needs_team_or_owner": _("Name either a team or an owner, not both and not neither."),
    "own_parent": _("A record cannot stand above itself. Correct the value."),
    "team_has_manager": _("%(team)s is managed by %(manager)s. Name that person or leave the cell empty."),
    "closed_before_created": _("The deal would close before it was created. Correct one of the dates."),
    "revisit_not_later": _("The day to come back lies before the deal closed. Correct one of the days."),
    "in_future": _("The moment lies in the future. Correct it."),
    "other_setpoint": _("The pipeline %(pipeline)s has no such setpoint. Allowed are: %(allowed)s."),
    "approval_needed": _("An approval is open or was refused: %(areas)s. It has to be given or withdrawn first."),
    "setpoint_unmet": _("The deal lacks: %(criteria)s. Import it lower, or use --gate record with a reason."),
    "lead_has_deal": _("The lead already became deal %(deal)s. A lead converts once; leave the cell empty."),
    "key_reused": _("This key belongs to another event already recorded. Events never change; give it a key of its own."),
    "moment_taken": _("Another value of this field is recorded for the same moment. History never changes; correct the time."),
    "before_created": _("The deal did not exist yet (created %(created)s). Correct the time."),
    "refused": _("This was refused (%(detail)s). Correct the row."),
    "refused_by_database": _("The database refused the row (%(detail)s). Correct the row."),
}  # fmt: skip

# The words for what rows refer to.
NOUNS = {
    "account": _("account"),
    "accounts": _("accounts"),
    "campaign": _("campaign"),
    "competitor": _("competitor"),
    "contact": _("contact"),
    "deal": _("deal"),
    "lead": _("lead"),
    "person": _("person"),
    "product": _("product"),
    "source": _("source"),
    "team": _("team"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row was not taken: a stable code, the field and the value it is about, parameters of the sentence."""

    code: str
    field: str = ""
    value: str = ""
    params: dict[str, Any] = dataclasses.field(default_factory=dict)


class RowRefused(Exception):
    """One row cannot be taken; the others may."""

    def __init__(self, code: str, *, field: str = "", value: str = "", **params: Any) -> None:
        self.problem = Problem(code, field, value, params)
        super().__init__(code)


class FileRefused(Exception):
    """The file or its mapping is unusable; nothing was written."""

    def __init__(self, code: str, **params: Any) -> None:
        self.problem = Problem(code, params=params)
        super().__init__(code)

    def __str__(self) -> str:
        return sentence(self.problem)


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not taken. `row` counts as a spreadsheet does, the header being row 1."""

    row: int
    column: str
    problem: Problem
    cells: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = gettext("row %(row)s, column “%(column)s”") if self.column else gettext("row %(row)s")
        what = f" “{shortened(self.problem.value)}”" if self.problem.value else ""
        return f"{where % {'row': self.row, 'column': self.column}}{what}: {sentence(self.problem)}"


def sentence(problem: Problem) -> str:
    """Return what is wrong and what to do about it, in the active language."""
    what = problem.params.get("what", "")
    return str(MESSAGES[problem.code]) % (problem.params | {"what": NOUNS.get(what, what)})


def shortened(text: str, *, limit: int = 80) -> str:
    """Return the text on one line, cut where it is long, with what cannot be printed made visible."""
    shown = text if text.isprintable() else ascii(text)[1:-1]
    return shown if len(shown) <= limit else f"{shown[: limit - 1]}…"
