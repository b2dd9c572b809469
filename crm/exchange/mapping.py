"""The mapping file: which column fills which field, and how (contract.md)."""

import json
import re
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from crm.exchange.kinds import Kind
from crm.exchange.problems import FileRefused

KEYS = (
    "columns", "values", "defaults", "where", "unless", "templates", "distinct", "expand", "date_format", "timezone",
)  # fmt: skip
OTHERWISE = "*"  # among values: what every cell means that the mapping does not name
EXPAND_KEYS = ("repeat", "set", "key", "if_more")
COLUMN = re.compile(r"\{([^{}]+)\}")
LARGEST_MAPPING = 1 << 20


@dataclass(frozen=True, slots=True)
class Expansion:
    """One way a row becomes several. `repeat` is a column of whole numbers, or how often.

    `if_more` holds two columns: nothing is made unless the number in the first is greater.
    """

    repeat: str | int
    set: dict[str, str]
    key: str
    if_more: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping file, checked against its kind but not yet against a header."""

    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    where: dict[str, frozenset[str]] = field(default_factory=dict)
    unless: dict[str, frozenset[str]] = field(default_factory=dict)
    templates: dict[str, str] = field(default_factory=dict)
    distinct: str = ""
    expand: tuple[Expansion, ...] = ()
    date_format: str = ""
    timezone: str = ""


def read_mapping(path: Path, kind: Kind) -> tuple[Mapping, dict[str, Any]]:
    """Read and check a mapping file; return it with the JSON it was made from.

    :raises FileRefused: it is missing, no JSON, or speaks of fields the kind does not have
    """
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST_MAPPING + 1)
        if len(text) > LARGEST_MAPPING:
            raise FileRefused("mapping_too_large")
        data = json.loads(text.decode("utf-8-sig"))
    except OSError:
        raise FileRefused("no_file", path=path) from None
    except RecursionError:
        raise FileRefused("mapping_too_deep") from None
    except ValueError as error:
        raise FileRefused("mapping_no_json", detail=error) from None
    return parse_mapping(data, kind), data


def parse_mapping(data: Any, kind: Kind) -> Mapping:
    """Check a mapping's shape and names.

    :raises FileRefused: naming the key or field that is wrong
    """
    wanted = _object(data, "mapping", KEYS)
    columns = {str(name): _names(fields) for name, fields in _object(wanted.get("columns", {}), "columns").items()}
    values = {
        name: _texts(map_, f"values.{name}") for name, map_ in _object(wanted.get("values", {}), "values").items()
    }
    mapping = Mapping(
        columns=columns,
        values=values,
        defaults=_texts(wanted.get("defaults", {}), "defaults"),
        where=_choices(wanted.get("where", {}), "where"),
        unless=_choices(wanted.get("unless", {}), "unless"),
        templates=_texts(wanted.get("templates", {}), "templates"),
        distinct=_text(wanted.get("distinct", ""), "distinct"),
        expand=tuple(_expansion(item) for item in _list(wanted.get("expand", []), "expand")),
        date_format=_text(wanted.get("date_format", ""), "date_format"),
        timezone=_text(wanted.get("timezone", ""), "timezone"),
    )
    _check_names(mapping, kind)
    return mapping


def _check_names(mapping: Mapping, kind: Kind) -> None:
    filled = [name for names in mapping.columns.values() for name in names]
    named = [*filled, *mapping.values, *mapping.defaults, *mapping.templates]
    named += [name for expansion in mapping.expand for name in expansion.set]
    for name in named:
        if kind.find_field(name) is None:
            raise FileRefused("unknown_field", field=name, kind=kind.name, fields=", ".join(kind.fields))
    sources = [*filled, *mapping.templates]
    if twice := sorted({name for name in sources if sources.count(name) > 1}):
        raise FileRefused("mapping_filled_twice", field=twice[0])
    if mapping.timezone and mapping.timezone not in available_timezones():
        raise FileRefused("mapping_no_zone", zone=mapping.timezone)
    if mapping.date_format and "%" not in mapping.date_format:
        raise FileRefused("mapping_no_date_format", format=mapping.date_format)


def mapping_zone(mapping: Mapping, default: ZoneInfo) -> ZoneInfo:
    """Return the zone of times without one (D-46)."""
    return ZoneInfo(mapping.timezone) if mapping.timezone else default


def _expansion(item: Any) -> Expansion:
    wanted = _object(item, "expand", EXPAND_KEYS)
    repeat = wanted.get("repeat", 1)
    if isinstance(repeat, bool) or not isinstance(repeat, str | int) or (isinstance(repeat, int) and repeat < 1):
        raise FileRefused("mapping_no_repeat")
    key = _text(wanted.get("key", ""), "key")
    if not key:
        raise FileRefused("mapping_no_key")
    more = [_text(column, "if_more") for column in _list(wanted.get("if_more", []), "if_more")]
    if len(more) not in (0, 2):
        raise FileRefused("mapping_not_two")
    return Expansion(repeat, _texts(wanted.get("set", {}), "set"), key, (more[0], more[1]) if more else None)


def _choices(value: Any, place: str) -> dict[str, frozenset[str]]:
    return {
        str(column): frozenset(_text(item, place) for item in _list(items, place))
        for column, items in _object(value, place).items()
    }


def _object(value: Any, place: str, keys: tuple[str, ...] = ()) -> AnyMapping[str, Any]:
    if not isinstance(value, dict):
        raise FileRefused("mapping_no_object", place=place)
    if keys and (unknown := sorted(set(value) - set(keys))):
        raise FileRefused("mapping_unknown_key", key=unknown[0], place=place, keys=", ".join(keys))
    return value


def _list(value: Any, place: str) -> list[Any]:
    if not isinstance(value, list):
        raise FileRefused("mapping_no_list", place=place)
    return value


def _names(value: Any) -> tuple[str, ...]:
    return tuple(_text(name, "columns") for name in (value if isinstance(value, list) else [value]))


def _texts(value: Any, place: str) -> dict[str, str]:
    return {str(key).strip(): _text(item, place) for key, item in _object(value, place).items()}


def _text(value: Any, place: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | int | float):
        raise FileRefused("mapping_no_text", place=place)
    return str(value)
