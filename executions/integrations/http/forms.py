"""What the pages of connections post: one form for each kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from executions.integrations.http.connections import KINDS, MAX_VALUE
from executions.integrations.http.models import Connection
from executions.integrations.http.schema import METHODS

KIND_WORDS: Final = {
    "BASIC": _("User name and password"),
    "API_KEY": _("API key in a header"),
    "WEBHOOK": _("Webhook (Slack and its like)"),
    "OAUTH_CLIENT_CREDENTIALS": _("OAuth client credentials"),
}
LABELS: Final = {
    "username": _("User name"), "password": _("Password"), "apiKeyName": _("Header"), "apiKeyValue": _("API key"),
    "authorizationEndpoint": _("Address that gives tokens"), "clientId": _("Client id"),
    "url": _("Address of the webhook"), "httpMethod": _("Method"), "clientSecret": _("Client secret"),
}


class ConnectionForm(forms.Form):
    """Name, description and the settings of `kind`; a secret may be left empty when the connection has one."""

    name = forms.CharField(label=_("Name"), max_length=64, help_text=_("Letters, digits, . - and _."))
    description = forms.CharField(label=_("Description"), max_length=512, required=False)

    def __init__(self, *args: Any, kind: str, row: Connection | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.row = kind, row
        if row is not None:
            del self.fields["name"]
        public, secret = KINDS[kind]
        for name in public:
            self.fields[name] = _shown(name)
        for name in secret:
            self.fields[name] = _hidden(name, kept=row is not None)

    @classmethod
    def of(cls, row: Connection) -> ConnectionForm:
        return cls(kind=row.kind, row=row, initial={"description": row.description, **row.settings})

    def settings(self) -> Mapping[str, str]:
        """For save_connection: secrets that were left empty are left out and keep their value."""
        public, secret = KINDS[self.kind]
        given = {name: self.cleaned_data[name] for name in (*public, *secret)}
        return {name: value for name, value in given.items() if value or name in public}

    @property
    def parts(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields]


def _shown(name: str) -> forms.Field:
    if name == "httpMethod":
        return forms.ChoiceField(label=LABELS[name], choices=[(each, each) for each in METHODS], initial="POST")
    return forms.CharField(label=LABELS[name], max_length=MAX_VALUE)


def _hidden(name: str, *, kept: bool) -> forms.Field:
    """Never rendered with a value."""
    return forms.CharField(
        label=LABELS[name], max_length=MAX_VALUE, required=not kept, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Kept sealed and never shown. Leave it empty to keep the one there is.") if kept
        else _("Kept sealed and never shown."))
