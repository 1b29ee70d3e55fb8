"""One's own account: details, password, access keys."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from designer.actions.change_access_key import delete_access_key, set_access_key_active
from designer.actions.create_access_key import CreatedKey, create_access_key
from designer.models import User
from designer.people.actions import change_own_details
from designer.people.actors import actor_of
from designer.people.forms import AccountForm, KeyForm, SignInForm
from designer.permissions import Permission


class SignIn(LoginView):
    """The sign-in page."""

    template_name = "login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


class PasswordChange(PasswordChangeView):
    """Change one's own password; other sessions end."""

    template_name = "password.html"
    success_url = reverse_lazy("account")

    def form_valid(self, form: object) -> HttpResponse:
        messages.success(self.request, _("Password changed."))
        return super().form_valid(form)  # type: ignore[arg-type]


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Where somebody starts: the state machines, or for who may only approve, the inbox."""
    permissions = actor_of(request.user).permissions
    if Permission.VIEW in permissions:
        return redirect("/machines/")
    return redirect("/approvals/" if Permission.APPROVE in permissions else "account")


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Details of oneself; POST changes them."""
    user = _me(request)
    if request.method != "POST":
        return _account_page(request, AccountForm.of(user))
    form = AccountForm(request.POST)
    if not form.is_valid():
        return _account_page(request, form, status=422)
    change_own_details(user, **form.cleaned_data)
    with translation.override(user.language or translation.get_language()):
        messages.success(request, _("Saved."))
    return redirect("account")


@login_required
@require_POST
@never_cache
def create_key(request: HttpRequest) -> HttpResponse:
    """Create a key and show its secret, this once."""
    user = _me(request)
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _account_page(request, AccountForm.of(user), key_form=form, status=422)
    created = create_access_key(actor_of(user), user.pk, label=form.cleaned_data["label"].strip())
    return _account_page(request, AccountForm.of(user), created=created)


@login_required
@require_POST
def change_key(request: HttpRequest, key_id: str) -> HttpResponse:
    """Switch a key on or off, or delete it: `do` is "on", "off" or "delete"."""
    actor, wish = actor_of(request.user), request.POST.get("do")
    if wish == "delete":
        delete_access_key(actor, key_id)
        messages.success(request, _("Access key deleted."))
    elif wish in ("on", "off"):
        set_access_key_active(actor, key_id, wish == "on")
        messages.success(request, _("Access key switched on.") if wish == "on" else _("Access key switched off."))
    return redirect("account")


def _account_page(
    request: HttpRequest, form: AccountForm, *, key_form: KeyForm | None = None, created: CreatedKey | None = None,
    status: int = 200,
) -> HttpResponse:
    keys = _me(request).access_keys.order_by("-created_at")
    context = {"form": form, "keys": keys, "key_form": key_form or KeyForm(), "created": created}
    return render(request, "account.html", context, status=status)


def _me(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 -- login_required
    return request.user
