"""The habits of the house that no tool checks: who writes, how large things grow, what templates may hold."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(settings.BASE_DIR)
APPS = ("crm", "pipeline", "scoring", "reports")
MODULES = sorted(
    path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.relative_to(ROOT).parts
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
LARGEST_MODULE = 400
LARGEST_FUNCTION = 40
LARGEST_VIEW = 20
LARGEST_TEMPLATE = 120
LONGEST_TEMPLATE_LINE = 240

# Where rows may be written: commands, what saves a model's own consistency, and what people run by hand.
WRITERS = {"commands", "migrations", "management", "embedded"}
WRITES = {
    "save", "create", "bulk_create", "bulk_update", "update_or_create", "get_or_create", "delete",
    "aupdate", "acreate", "adelete", "asave",
}  # fmt: skip
# Methods of these names that write no row of ours, where they stand.
NO_ROW = {
    "crm/tasks.py",
    "crm/middleware.py",
}
# What nobody needs to sign in for.
PUBLIC = {
    "healthz", "readyz", "metrics", "^api/", "pipeline:shared_case", "pipeline:shared_case_file",
    "scoring:form_confirm", "scoring:web_form", "scoring:site_script", "scoring:visit",
}  # fmt: skip
PUBLIC_PREFIXES = ("account_", "mfa_", "openid_connect_", "socialaccount_", "social/", "admin:")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of the body; signature, decorators and docstring are free."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def is_view(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return bool({"page", "action"} & {ast.unparse(decorator) for decorator in function.decorator_list})


def rungs(path: Path) -> set[str]:
    return {part.removesuffix(".py") for part in path.relative_to(ROOT).parts}


def test_modules_stay_small():
    assert {name(path): lines(path) for path in MODULES if lines(path) > LARGEST_MODULE} == {}


def test_functions_stay_small():
    large = {
        f"{name(path)}:{function.name}": body_lines(function)
        for path in MODULES
        for function in functions(ast.parse(path.read_text()))
        if body_lines(function) > (LARGEST_VIEW if is_view(function) else LARGEST_FUNCTION)
    }
    assert large == {}


def test_templates_stay_small():
    assert {name(path): lines(path) for path in TEMPLATES if lines(path) > LARGEST_TEMPLATE} == {}


def test_templates_keep_to_short_lines():
    """A file of few lines is not small where the lines are long."""
    longest = {name(path): max(map(len, path.read_text().splitlines()), default=0) for path in TEMPLATES}
    assert {path: length for path, length in longest.items() if length > LONGEST_TEMPLATE_LINE} == {}


def _writes(tree: ast.AST) -> Iterator[str]:
    """Find calls that write rows: on a manager or queryset, or `save()` of an instance."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        chain = ast.unparse(node.func)
        on_rows = ".objects" in chain or "_set." in chain
        writes_rows = node.func.attr in WRITES | {"update"} and on_rows
        saves = node.func.attr in {"save", "delete"} and any(word.arg == "update_fields" for word in node.keywords)
        if writes_rows or saves:
            yield f"{chain}, line {node.lineno}"


def test_only_commands_write():
    written = {
        name(path): found
        for path in MODULES
        if not rungs(path) & WRITERS
        and name(path) not in NO_ROW
        and (found := list(_writes(ast.parse(path.read_text()))))
    }
    assert written == {}


def test_apps_are_listed_whole():
    """A new top-level package must join the contracts of import-linter."""
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages == {*APPS, "tests"}


# Templates


def text_of(path: Path) -> str:
    """Return the template without comments, keeping its lines."""
    text = path.read_text()
    text = re.sub(r"\{%\s*comment.*?endcomment\s*%\}", lambda match: "\n" * match[0].count("\n"), text, flags=re.S)
    return re.sub(r"\{#.*?#\}", "", text)


SCRIPT = r"<script(?![^>]*\bsrc=)(?![^>]*application/json)"
INLINE = (r'\sstyle="', r"<style", SCRIPT, r"\shx-on", r"hx-vals=.js:", r"\son\w+=\"")


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_a_template_holds_no_inline_style_or_script(template):
    text = text_of(template)
    assert [pattern for pattern in INLINE if re.search(pattern, text, re.IGNORECASE)] == []


PARTIAL = re.compile(r"\{%\s*partialdef\s+(\S+)[^%]*%\}(.*?)\{%\s*endpartialdef\s*%\}", re.S)
INCLUDE = re.compile(r"\{%\s*include\s+\"([^\"]+)\"[^%]*%\}")


def with_includes(body: str) -> str:
    return INCLUDE.sub(lambda match: text_of(ROOT / "templates" / match[1]), body)


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_a_partial_is_named_like_its_element(template):
    """Rows are put beside others and have ids of their own."""
    wrong = [
        partial
        for partial, body in PARTIAL.findall(text_of(template))
        if not partial.endswith("_rows") and f'id="{partial.replace("_", "-")}' not in with_includes(body)
    ]
    assert wrong == []


VISIBLE = re.compile(r">([^<>{}]*[A-Za-zÀ-ÿ]{2,}[^<>{}]*)<")
ATTRIBUTES = re.compile(r'\s(?:title|placeholder|aria-label|alt)="([^"{]*[A-Za-z]{2,}[^"{]*)"')
TRANSLATED = re.compile(r"\{%\s*blocktrans(?:late)?\b.*?\{%\s*endblocktrans(?:late)?\s*%\}", re.S)
CLASS_BLOCK = re.compile(r"\{%\s*block\s+\w*class\s*%\}.*?\{%\s*endblock[^%]*%\}", re.S)
TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.S)
# Names of things and of keys are the same in every language.
UNTRANSLATED = {"Setpoint", "Esc", "Ctrl", "Enter", "Tab", "Shift", "UTC", "CSV", "API"}
WORD = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
ENTITY = re.compile(r"&#?\w+;")
# The gallery of components is for those who build Setpoint.
PAGES = [path for path in TEMPLATES if path.parent.name != "_design"]


@pytest.mark.parametrize("template", PAGES, ids=name)
def test_every_text_can_be_translated(template):
    text = TRANSLATED.sub("", CLASS_BLOCK.sub("", text_of(template)))
    text = re.sub(r"<(script|style|svg)\b.*?</\1>", "", text, flags=re.S)
    # A tag's own quotes and signs must not look like those of HTML.
    text = TAGS.sub("", text)
    found = [part.strip() for part in VISIBLE.findall(f">{text}<") + ATTRIBUTES.findall(text)]
    assert [part for part in found if set(WORD.findall(ENTITY.sub("", part))) - UNTRANSLATED] == []


def test_every_template_compiles_and_is_used():
    engine = engines["django"]
    sources = [path.read_text() for path in MODULES] + [text_of(path) for path in TEMPLATES]
    everything = "\n".join(sources)
    unused = []
    for path in TEMPLATES:
        relative = path.relative_to(ROOT / "templates").as_posix()
        engine.get_template(relative)
        overrides = relative.split("/")[0] in {"account", "mfa", "allauth", "socialaccount", "admin"}
        error_page = re.fullmatch(r"\d{3}(_csrf)?\.html", relative)
        if (
            relative not in everything
            and not overrides
            and not error_page
            and not _is_named_in_part(relative, everything)
        ):
            unused.append(relative)
    assert unused == []


def _is_named_in_part(relative: str, everything: str) -> bool:
    """Tell whether it is named in part: by a component tag without folder and ending, or by kind in an f-string."""
    folder, _, rest = relative.partition("/")
    if f"{relative.rpartition('_')[0]}_{{" in everything:
        return True
    return folder in {"components", "emails"} and rest.removesuffix(".html") in everything


# Addresses


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        else:
            yield f"{prefix}{entry.name or entry.pattern}", entry


def is_private(pattern: URLPattern) -> bool:
    """Tell whether a view asks who is there: made by @page or @action, or an API view with permissions."""
    view = pattern.callback
    api = getattr(view, "cls", None)
    if api is not None:
        return bool(api.permission_classes)
    while view is not None:
        if "user_passes_test" in getattr(getattr(view, "__code__", None), "co_qualname", ""):
            return True
        view = getattr(view, "__wrapped__", None)
    return False


def test_every_address_is_private_or_on_the_list():
    open_ones = [
        label
        for label, pattern in patterns(get_resolver())
        if label not in PUBLIC and not label.startswith(PUBLIC_PREFIXES) and not is_private(pattern)
    ]
    assert open_ones == []


def test_two_apps_mean_one_thing_by_the_code_of_a_refusal():
    """The first word for a code stays (crm.lib.labels), so that the API would say the other app's sentence."""
    seen = {}
    for app in APPS[1:]:
        for path in (ROOT / app / "labels").glob("*.py"):
            module = import_module(f"{app}.labels" if path.stem == "__init__" else f"{app}.labels.{path.stem}")
            for name in (name for name in vars(module) if name.endswith("REFUSALS")):
                for code, words in getattr(module, name).items():
                    assert str(seen.setdefault(code, words)) == str(words), code


def test_the_lock_files_agree():
    """What runs and what is tested have the same versions (.ci/lock writes both)."""
    pins = re.compile(r"^[\w.\[\]-]+==[^ \\]+", re.M)
    run, dev = (set(pins.findall((ROOT / f"requirements{kind}.lock").read_text())) for kind in ("", "-dev"))
    assert run
    assert run - dev == set()
