"""The forms of the people pages: what was typed, checked; the actions decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from designer.models import User
from designer.people import attempts
from designer.people.preferences import time_zones
from designer.people.roles import role_label
from designer.permissions import ROLES


class SignInForm(AuthenticationForm):
    """Django's, slowed down after failed attempts."""

    def clean(self) -> dict[str, Any]:
        name, address = str(self.cleaned_data.get("username", "")), self._address()
        if attempts.refused(name, address):
            raise ValidationError(_("Too many failed attempts. Try again in 15 minutes."), code="slow_down")
        try:
            cleaned: dict[str, Any] = super().clean()
        except ValidationError:
            attempts.note_failure(name, address)
            raise
        attempts.forget(name, address)
        return cleaned

    def _address(self) -> str:
        return str(self.request.META.get("REMOTE_ADDR", "")) if self.request else ""


def _languages() -> list[tuple[str, Any]]:
    return [("", _("As the browser asks")), ("en", "English"), ("ja", "日本語")]


def _zones() -> list[tuple[str, Any]]:
    return [("", _("As the browser says")), *((name, name.replace("_", " ")) for name in sorted(time_zones()))]


class AccountForm(forms.Form):
    """What everybody may change of oneself."""

    name = forms.CharField(label=_("Name"), max_length=150, required=False, help_text=_("As others see it."))
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=_languages, required=False)
    timezone = forms.ChoiceField(
        label=_("Time zone"), choices=_zones, required=False, help_text=_("All times are shown in it."))

    @classmethod
    def of(cls, user: User) -> AccountForm:
        return cls(initial={"name": user.get_full_name(), "email": user.email, "language": user.language,
                            "timezone": user.timezone})


class KeyForm(forms.Form):
    label = forms.CharField(label=_("What the key is for"), max_length=80, required=False)


class RolesField(forms.MultipleChoiceField):
    """Roles as check boxes."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=lambda: [(name, role_label(name)) for name in ROLES], required=False, **options)


def _groups() -> list[tuple[str, str]]:
    names = Group.objects.exclude(name__in=ROLES).order_by("name").values_list("name", flat=True)
    return [(name, name) for name in names]


class PersonForm(forms.Form):
    """A person as an administrator sees it."""

    name = forms.CharField(label=_("Name"), max_length=150, required=False, help_text=_("As others see it."))
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    roles = RolesField(label=_("Roles"))
    groups = forms.MultipleChoiceField(
        label=_("Groups"), choices=_groups, required=False, widget=forms.CheckboxSelectMultiple)

    def all_groups(self) -> list[str]:
        """Roles and groups together: both are groups of Django."""
        return [*self.cleaned_data["roles"], *self.cleaned_data["groups"]]


class NewPersonForm(PersonForm):
    username = forms.CharField(
        label=_("Username"), max_length=150, help_text=_("To sign in with: letters, digits and @ . + - _"))
    password = forms.CharField(
        label=_("Password"), required=False, strip=False, help_text=_("Leave it empty to have one made up."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

    field_order = ("username", "name", "email", "password", "roles", "groups")


class GroupForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=150)


class MembersForm(forms.Form):
    """Who is in a group."""

    members = forms.TypedMultipleChoiceField(
        label=_("Members"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(user.pk, user) for user in User.objects.filter(is_active=True).order_by("username")])


