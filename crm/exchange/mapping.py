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

KEYS = ("columns", "values", "defaults", "where", "templates", "distinct", "expand", "date_format", "timezone")
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
        text = path.read_bytes()
        if len(text) > LARGEST_MAPPING:
            raise FileRefused("bad_mapping", detail="it is larger than 1 MB.")
        data = json.loads(text.decode("utf-8-sig"))
    except OSError:
        raise FileRefused("no_file", path=path) from None
    except (ValueError, RecursionError) as error:
        detail = "it is nested too deeply." if isinstance(error, RecursionError) else f"it is no JSON ({error})."
        raise FileRefused("bad_mapping", detail=detail) from None
    return parse_mapping(data, kind), data


def parse_mapping(data: Any, kind: Kind) -> Mapping:
    """Check a mapping's shape and names.

    :raises FileRefused: naming the key or field that is wrong
    """
    wanted = _object(data, "the mapping")
    if unknown := sorted(set(wanted) - set(KEYS)):
        raise FileRefused("bad_mapping", detail=f"it has no key “{unknown[0]}”; keys are {', '.join(KEYS)}.")
    columns = {str(name): _names(fields) for name, fields in _object(wanted.get("columns", {}), "columns").items()}
    values = {
        name: _texts(map_, f"values.{name}") for name, map_ in _object(wanted.get("values", {}), "values").items()
    }
    mapping = Mapping(
        columns=columns,
        values=values,
        defaults=_texts(wanted.get("defaults", {}), "defaults"),
        where={
            str(column): frozenset(_text(value, "where") for value in _list(allowed, "where"))
            for column, allowed in _object(wanted.get("where", {}), "where").items()
        },
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
        raise FileRefused("bad_mapping", detail=f"{twice[0]} is filled twice; join columns by a template.")
    if mapping.timezone and mapping.timezone not in available_timezones():
        raise FileRefused("bad_mapping", detail=f"“{mapping.timezone}” is no time zone.")
    if mapping.date_format and "%" not in mapping.date_format:
        raise FileRefused("bad_mapping", detail="date_format is written like %d.%m.%Y.")


def mapping_zone(mapping: Mapping, default: ZoneInfo) -> ZoneInfo:
    """Return the zone of times without one (D-46)."""
    return ZoneInfo(mapping.timezone) if mapping.timezone else default


def _expansion(item: Any) -> Expansion:
    wanted = _object(item, "expand")
    if unknown := sorted(set(wanted) - set(EXPAND_KEYS)):
        raise FileRefused("bad_mapping", detail=f"expand has no key “{unknown[0]}”; keys are {', '.join(EXPAND_KEYS)}.")
    repeat = wanted.get("repeat", 1)
    if isinstance(repeat, bool) or not isinstance(repeat, str | int) or (isinstance(repeat, int) and repeat < 1):
        raise FileRefused("bad_mapping", detail="repeat is a column or a whole number from 1.")
    key = _text(wanted.get("key", ""), "key")
    if not key:
        raise FileRefused("bad_mapping", detail="every part of expand needs a key of its own.")
    more = [_text(column, "if_more") for column in _list(wanted.get("if_more", []), "if_more")]
    if len(more) not in (0, 2):
        raise FileRefused("bad_mapping", detail="if_more names two columns.")
    return Expansion(repeat, _texts(wanted.get("set", {}), "set"), key, (more[0], more[1]) if more else None)


def _object(value: Any, name: str) -> AnyMapping[str, Any]:
    if not isinstance(value, dict):
        raise FileRefused("bad_mapping", detail=f"{name} must be an object.")
    return value


def _list(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise FileRefused("bad_mapping", detail=f"{name} must be a list.")
    return value


def _names(value: Any) -> tuple[str, ...]:
    return tuple(_text(name, "columns") for name in (value if isinstance(value, list) else [value]))


def _texts(value: Any, name: str) -> dict[str, str]:
    return {str(key).strip(): _text(item, name) for key, item in _object(value, name).items()}


def _text(value: Any, name: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | int | float):
        raise FileRefused("bad_mapping", detail=f"{name} must hold plain values.")
    return str(value)
