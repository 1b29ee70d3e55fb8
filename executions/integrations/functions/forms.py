"""What the editor page of a function posts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from designer.permissions import Actor, Permission
from executions.integrations.functions import requirements
from executions.integrations.functions.actions import MAX_DESCRIPTION, MAX_TIMEOUT, MEMORY
from executions.integrations.functions.concurrency import MOST, reserved_of
from executions.models import Function

NEW_SOURCE: Final = '''"""Called by a state.  The state's input is `event`; what is returned becomes its result."""


def handler(event, context):
    return {"greeting": f"Hello, {event.get('name', 'world')}"}
'''
HIDDEN: Final = "••••••••"
SPARE_ROWS: Final = 2  # empty rows for further variables, also without JavaScript


class FunctionForm(forms.Form):
    """Code and configuration; actions.save_function checks them."""

    description = forms.CharField(label=_("Description"), max_length=MAX_DESCRIPTION, required=False)
    source = forms.CharField(label=_("Code"), required=False, strip=False,
                             widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "wrap": "off"}))
    zip_file = forms.FileField(label=_("Zip instead of the code above"), required=False, allow_empty_file=False)
    handler = forms.CharField(label=_("Handler"), max_length=128, initial="index.handler")
    timeout = forms.IntegerField(label=_("Timeout (seconds)"), min_value=1, max_value=MAX_TIMEOUT, initial=30)
    memory = forms.IntegerField(label=_("Memory (MiB)"), min_value=MEMORY[0], max_value=MEMORY[1], initial=256)

    concurrency = forms.IntegerField(label=_("Calls at once"), min_value=0, max_value=MOST, required=False,
                                     help_text=_("Empty: no limit of its own."))
    requirements = forms.CharField(
        label=_("Packages"), required=False, strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "wrap": "off", "placeholder": "name==1.2.3"}),
        help_text=_("One name==version a line; installed beside the function when it is saved."))

    @classmethod
    def of(cls, function: Function) -> FunctionForm:
        shown = {name: getattr(function, name) for name in ("description", "source", "handler", "timeout", "memory")}
        return cls(initial={**shown, "concurrency": reserved_of(function),
                            "requirements": requirements.read(bytes(function.code))})

    def configuration(self) -> dict[str, Any]:
        """For save_function; code only when some was given, so that an uploaded zip stays."""
        fields = ("description", "handler", "timeout", "memory", "concurrency")
        data = {name: self.cleaned_data[name] for name in fields}
        if "requirements" in self.data:  # an older page, or a program, may not know of it
            data["requirements_text"] = self.cleaned_data["requirements"].replace("\r\n", "\n")
        if self.cleaned_data["zip_file"]:
            return {**data, "zip_file": self.cleaned_data["zip_file"].read()}
        source = self.cleaned_data["source"].replace("\r\n", "\n")
        return {**data, "source": source} if source.strip() else data


def environment_of(posted: QueryDict) -> dict[str, str]:
    """The variables of the rows that have a name."""
    rows = zip(posted.getlist("env_name"), posted.getlist("env_value"), strict=False)
    return {name.strip(): value for name, value in rows if name.strip()}


def shown_environment(actor: Actor, function: Function) -> dict[str, str]:
    """The variables; their values, which may be secrets, only for those who may change them."""
    return shown_variables(actor, function.environment)


def shown_variables(actor: Actor, environment: Mapping[str, str]) -> dict[str, str]:
    """As `shown_environment`, for a version of a function, too."""
    return dict(environment) if Permission.DESIGN in actor.permissions else dict.fromkeys(environment, HIDDEN)


def environment_rows(environment: dict[str, str]) -> list[tuple[str, str]]:
    """The rows to show: one a variable, and some empty ones."""
    return [*sorted(environment.items()), *[("", "")] * SPARE_ROWS]
