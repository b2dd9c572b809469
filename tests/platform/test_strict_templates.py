"""An undefined variable is an error in our templates, and silence in other people's."""

import pytest
from django.conf import settings
from django.template import Context, Engine, Origin, Template

from crm.settings.strict_templates import FailOnUndefined, UndefinedVariable

OURS = str(settings.BASE_DIR / "templates")


def render(text, *, file, **values):
    engine = Engine(string_if_invalid=FailOnUndefined(OURS))
    return Template(text, origin=Origin(name=file), engine=engine).render(Context(values))


@pytest.mark.parametrize(
    "text", ["{{ nobody }}", "{{ account.nobody }}", "{% if account %}{{ nobody|upper }}{% endif %}"]
)
def test_our_template_that_names_what_it_does_not_get_fails(text):
    with pytest.raises(UndefinedVariable, match="nobody"):
        render(text, file=f"{OURS}/crm/account_list.html", account={"name": "A"})


def test_whether_something_is_there_may_be_asked():
    assert render("{% if nobody %}yes{% else %}no{% endif %}", file=f"{OURS}/crm/account_list.html") == "no"


def test_somebody_elses_template_may_rely_on_silence():
    assert render("[{{ nobody }}]", file="/elsewhere/admin/base.html") == "[]"
