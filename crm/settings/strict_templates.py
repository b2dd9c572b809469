"""An undefined variable in a template of ours is an error in tests; other people's templates may rely on silence."""

import sys


class UndefinedVariable(Exception):
    """A template of ours names something its view does not give."""


class FailOnUndefined(str):
    """Django puts this string where a variable is undefined, and first fills in the variable's name."""

    ours: str

    def __new__(cls, ours: str) -> "FailOnUndefined":
        """Make the string; `ours` is the directory whose templates must be complete."""
        made = super().__new__(cls, "%s")
        made.ours = ours
        return made

    def __mod__(self, variable: object) -> str:
        """Raise where one of our templates is being rendered, else give nothing.

        :raises UndefinedVariable: naming the variable and the template
        """
        origin = _template_being_rendered()
        if origin.startswith(self.ours):
            raise UndefinedVariable(f"{variable} in {origin}")
        return ""


def _template_being_rendered() -> str:
    """Return the file whose node is innermost; Django tells it to nobody, so it is read off the call stack."""
    frame = sys._getframe(2)
    while frame.f_back:
        if frame.f_code.co_name == "render_annotated":
            origin = getattr(frame.f_locals["self"], "origin", None)
            return str(getattr(origin, "name", ""))
        frame = frame.f_back
    return ""
