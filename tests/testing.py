"""What tests say often: the element of an answer, the request htmx makes, calls made at once."""

import io
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections
from django.test import Client
from django.test.html import Element, parse_html

from crm.lib.errors import CommandRefused


def signed_in(user: Any) -> Client:
    """Return a client of somebody who is signed in."""
    client = Client()
    client.force_login(user)
    return client


def text(response: Any) -> str:
    """Return a page as text."""
    return str(response.content.decode())


def element(response: Any, element_id: str) -> Element:
    """Return the element with this id, comparable with `==` whatever the order of its attributes.

    :raises AssertionError: the page has none, or several
    """
    # Django masks the same token anew in every answer.
    content = re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]*', r"\1token", response.content.decode())
    found = list(_with_id(parse_html(content), element_id))
    assert len(found) == 1, f"{len(found)} elements with id {element_id}"
    return found[0]


def _with_id(node: Any, element_id: str) -> Any:
    if isinstance(node, Element):
        if ("id", element_id) in node.attributes:
            yield node
        for child in node.children:
            yield from _with_id(child, element_id)


def htmx_get(client: Client, url: str, *, target: str = "", **query: Any) -> Any:
    """Ask as htmx does; `target` is the id of the element that will be replaced."""
    return client.get(url, query, headers=_htmx_headers(target))


def htmx_post(client: Client, url: str, data: dict[str, Any] | None = None, *, target: str = "") -> Any:
    """Send a form as htmx does."""
    return client.post(url, data or {}, headers=_htmx_headers(target))


def _htmx_headers(target: str) -> dict[str, str]:
    return {"HX-Request": "true"} | ({"HX-Target": target} if target else {})


def assert_same_after_reload(fragment: Any, reloaded: Any, element_id: str) -> None:
    """See that what htmx put in place is what a full reload of the page shows."""
    assert element(fragment, element_id) == element(reloaded, element_id)


class Unread(io.BytesIO):
    """A body that fails the test when somebody reads it."""

    def read(self, *args: Any) -> bytes:
        """Fail."""
        raise AssertionError("the body was read")


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls in threads of their own, each begun when all are ready; a refusal is an answer."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            barrier.wait()
            return call()
        except CommandRefused as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))
