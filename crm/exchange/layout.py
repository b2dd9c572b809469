"""A mapping laid over a header: turns the cells of a row into texts by field."""

from collections.abc import Callable, Iterator, Sequence

from crm.exchange.kinds import Kind
from crm.exchange.mapping import COLUMN, OTHERWISE, Expansion, Mapping
from crm.exchange.problems import FileRefused, RowRefused

Texts = dict[str, str]
Fill = Callable[[Sequence[str]], str]
MOST_REPEATS = 1_000


class Layout:
    """Knows the position of every column. `ignored` are the columns nothing reads."""

    def __init__(self, mapping: Mapping | None, header: Sequence[str], kind: Kind) -> None:
        """Lay the mapping, or where there is none the header's own names, over the header.

        :raises FileRefused: a column is missing, nothing fits, or a required field has no source
        """
        self.kind, self.header, self.width = kind, tuple(header), len(header)
        self._places = {name: position for position, name in enumerate(header) if name}
        self.mapping = mapping or Mapping(columns=self._own_names(header))
        self._used: set[str] = set()
        self.columns: dict[str, str] = {}
        self._fills = self._prepare()
        self._where = [(self._place(column), allowed) for column, allowed in self.mapping.where.items()]
        self._unless = [(self._place(column), barred) for column, barred in self.mapping.unless.items()]
        self._distinct = self._place(self.mapping.distinct) if self.mapping.distinct else None
        self._expand = [self._expansion(item) for item in self.mapping.expand]
        self._seen: set[str] = set()
        self._require()
        self.ignored = tuple(name for name in header if name and name not in self._used)

    def wants(self, cells: Sequence[str]) -> bool:
        """Whether the row is within `where`, outside `unless` and, for `distinct`, the first of its value, a blank being none."""
        if any(cells[place].strip() not in allowed for place, allowed in self._where):
            return False
        if any(cells[place].strip() in barred for place, barred in self._unless):
            return False
        if self._distinct is not None:
            value = cells[self._distinct].strip()
            if not value or value in self._seen:
                return False
            self._seen.add(value)
        return True

    def texts(self, cells: Sequence[str]) -> Iterator[Texts]:
        """Give the filled fields of each row that this one becomes.

        :raises RowRefused: a column that says how often is no number
        """
        base = {name: text for name, fill in self._fills if (text := fill(cells))}
        for name, default in self.mapping.defaults.items():
            base.setdefault(name, default)
        if not self._expand:
            yield base
            return
        for repeat, sets, expansion in self._expand:
            made = base | {name: text for name, fill in sets if (text := fill(cells))}
            for number in range(1, repeat(cells) + 1):
                row_id = base.get(self.kind.handler.id_field, "")
                yield made | {self.kind.handler.id_field: f"{self.kind.name}:{row_id}:{expansion.key}:{number}"}

    def column_of(self, field: str) -> str:
        """Return the column that fills a field, or the field's own name where none does."""
        return self.columns.get(field, field)

    def _own_names(self, header: Sequence[str]) -> dict[str, tuple[str, ...]]:
        named = {
            name: name if self.kind.find_field(name) else name.lower().replace(" ", "_") for name in header if name
        }
        own: dict[str, tuple[str, ...]] = {
            name: (field,) for name, field in named.items() if self.kind.find_field(field)
        }
        if not own:
            raise FileRefused("wrong_header", kind=self.kind.name, fields=", ".join(self.kind.fields))
        return own

    def _place(self, column: str) -> int:
        if column not in self._places:
            raise FileRefused("missing_column", column=column, columns=", ".join(self._places))
        self._used.add(column)
        return self._places[column]

    def _prepare(self) -> list[tuple[str, Fill]]:
        fills = []
        for column, names in self.mapping.columns.items():
            place = self._place(column)
            for name in names:
                self.columns.setdefault(name, column)
                fills.append((name, _cell(place, self.mapping.values.get(name))))
        return fills + [(name, self._template(name, text)) for name, text in self.mapping.templates.items()]

    def _template(self, name: str, template: str) -> Fill:
        pieces = COLUMN.split(template)
        places = [(self._place(piece.strip()), "") if odd % 2 else (None, piece) for odd, piece in enumerate(pieces)]
        filled = [place for place, _ in places if place is not None]
        values = self.mapping.values.get(name, {})

        def fill(cells: Sequence[str]) -> str:
            if filled and not any(cells[place].strip() for place in filled):
                return ""
            text = "".join(piece if place is None else cells[place].strip() for place, piece in places)
            return _said(values, " ".join(text.split()))

        return fill

    def _expansion(self, item: Expansion) -> tuple[Callable[[Sequence[str]], int], list[tuple[str, Fill]], Expansion]:
        sets = [(name, self._template(name, text)) for name, text in item.set.items()]
        place = self._place(item.repeat) if isinstance(item.repeat, str) else None
        more = tuple(self._place(column) for column in item.if_more) if item.if_more else ()

        def repeat(cells: Sequence[str]) -> int:
            if more and not _whole(cells[more[0]], item.if_more[0]) > _whole(cells[more[1]], item.if_more[1]):  # type: ignore[index]  # both or none
                return 0
            return _whole(cells[place], str(item.repeat)) if place is not None else int(item.repeat)

        return repeat, sets, item

    def _require(self) -> None:
        given = {name for name, _ in self._fills} | set(self.mapping.defaults)
        for field in self.kind.fields.values():
            always = bool(self._expand) and all(field.name in item.set for item in self.mapping.expand)
            if field.required and field.name not in given and not always:
                raise FileRefused("missing_field", kind=self.kind.name, field=field.name)


def _cell(place: int, values: dict[str, str] | None) -> Fill:
    if not values:
        return lambda cells: cells[place].strip()

    def fill(cells: Sequence[str]) -> str:
        return _said(values, cells[place].strip())

    return fill


def _said(values: dict[str, str], text: str) -> str:
    """Return what a text stands for; one the mapping does not name stands for itself, or for what all others do."""
    return values.get(text, values.get(OTHERWISE, text) if text else text)


def _whole(text: str, column: str) -> int:
    kept = text.strip() or "0"
    if not (kept.isascii() and kept.isdigit() and len(kept) < 10):
        raise RowRefused("not_a_number", field=column, value=text)
    if int(kept) > MOST_REPEATS:
        raise RowRefused("number_too_large", field=column, value=text, limit=MOST_REPEATS)
    return int(kept)
