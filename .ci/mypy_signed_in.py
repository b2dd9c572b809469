"""mypy plugin: `request.user` is a person.

Every address asks for a session or a token (tests/test_architecture.py sees to that), so views need not
say at each use that nobody anonymous comes this far.
"""

from collections.abc import Callable

from mypy.plugin import AttributeContext, Plugin
from mypy.types import Instance, ProperType, Type, UnionType, get_proper_type

REQUESTS = {"django.http.request.HttpRequest.user", "rest_framework.request.Request.user"}
ANONYMOUS = "django.contrib.auth.models.AnonymousUser"


class SignedIn(Plugin):
    """Takes AnonymousUser out of the type of `request.user`."""

    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        """Return what narrows the attribute, for the two kinds of request."""
        return _person if fullname in REQUESTS else None


def _person(context: AttributeContext) -> Type:
    kind = get_proper_type(context.default_attr_type)
    if not isinstance(kind, UnionType):
        return kind
    people = [item for item in map(get_proper_type, kind.items) if not _is_anonymous(item)]
    return UnionType.make_union(people)


def _is_anonymous(kind: ProperType) -> bool:
    return isinstance(kind, Instance) and kind.type.fullname == ANONYMOUS


def plugin(version: str) -> type[Plugin]:
    """Return the plugin; mypy calls this."""
    return SignedIn
