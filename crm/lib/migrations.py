"""What migrations of ours use instead of an operation that takes too long."""

from typing import Any

import pgtrigger.migrations


class AddTrigger(pgtrigger.migrations.AddTrigger):
    """Add a trigger without rendering all related models anew, which a trigger does not change.

    With an audit trigger on every table that rendering is most of the time a first migration takes.
    """

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Note the trigger in the model's state."""
        options = state.models[app_label, self.model_name].options
        options["triggers"] = [*options.get("triggers", []), self.trigger]
