"""People and groups, for administrators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import Group
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from designer.errors import ActionError
from designer.models import User
from designer.people import actions
from designer.people.access import requires
from designer.people.actors import actor_of
from designer.people.forms import GroupForm, MembersForm, NewPersonForm, PersonForm
from designer.permissions import ROLES, Permission
from designer.texts import storable

administrators_only = requires(Permission.ADMINISTER)


@administrators_only
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, searchable by name; ?q=."""
    wanted = storable(request.GET.get("q", "").strip())
    found = User.objects.prefetch_related("groups").order_by("-is_active", "username")
    if wanted:
        names = Q(username__icontains=wanted) | Q(first_name__icontains=wanted) | Q(last_name__icontains=wanted)
        found = found.filter(names | Q(email__icontains=wanted) | Q(groups__name__icontains=wanted)).distinct()
    return render(request, "people.html", {"people": found, "q": wanted, "total": User.objects.count()})


@administrators_only
@never_cache
def new_person(request: HttpRequest) -> HttpResponse:
    """Create a person; the password that was made up is shown once."""
    form = NewPersonForm(request.POST or None, initial={"roles": ["viewer"]})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def create() -> HttpResponse:
            user, password = actions.create_person(
                actor_of(request.user), username=data["username"], name=data["name"], email=data["email"],
                groups=form.all_groups(), password=data["password"])
            messages.success(request, _("%(name)s can sign in now.") % {"name": user.username})
            if data["password"]:
                return redirect("person", user.pk)
            return _person_page(request, user, _person_form(user), password=password)

        done = _try(form, create)
        if done:
            return done
    return render(request, "person_new.html", {"form": form}, status=422 if form.errors else 200)


@administrators_only
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    """One person; POST changes name, e-mail, roles and groups."""
    user = actions.person(user_id)
    if request.method != "POST":
        return _person_page(request, user, _person_form(user))
    form = PersonForm(request.POST)
    if form.is_valid():

        def change() -> HttpResponse:
            data = form.cleaned_data
            actions.change_person(
                actor_of(request.user), user_id, name=data["name"], email=data["email"], groups=form.all_groups())
            messages.success(request, _("Saved."))
            return redirect("person", user_id)

        done = _try(form, change)
        if done:
            return done
    return _person_page(request, user, form, status=422)


@administrators_only
@require_POST
@never_cache
def person_action(request: HttpRequest, user_id: int) -> HttpResponse:
    """`do`: "activate", "deactivate", or "reset" (the new password is shown once)."""
    actor, wish = actor_of(request.user), request.POST.get("do")
    user = actions.person(user_id)
    if wish == "reset":
        return _person_page(request, user, _person_form(user), password=actions.reset_password(actor, user_id))
    try:
        actions.change_person(actor, user_id, active=wish == "activate")
    except ActionError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Saved."))
    return redirect("person", user_id)


@administrators_only
def groups(request: HttpRequest) -> HttpResponse:
    """Roles and groups with how many are in them; POST creates a group."""
    form = GroupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():

        def create() -> HttpResponse:
            made = actions.create_group(actor_of(request.user), form.cleaned_data["name"])
            return redirect("group", made.name)

        done = _try(form, create)
        if done:
            return done
    counted = Group.objects.annotate(members=Count("user", filter=Q(user__is_active=True))).order_by("name")
    own = [group for group in counted if group.name not in ROLES]
    counts = {group.name: group.members for group in counted}
    roles = [(role, counts.get(role, 0)) for role in ROLES]
    context = {"form": form, "roles": roles, "groups": own}
    return render(request, "groups.html", context, status=422 if form.errors else 200)


@administrators_only
def group(request: HttpRequest, name: str) -> HttpResponse:
    """Who is in a group or role; POST sets it, or deletes the group (`do` = "delete")."""
    found = actions.group(name)
    if request.method == "POST" and request.POST.get("do") == "delete":
        try:
            actions.delete_group(actor_of(request.user), name)
        except ActionError as error:
            messages.error(request, error.message)
            return redirect("group", name)
        messages.success(request, _("Group deleted."))
        return redirect("groups")
    members = list(found.user_set.values_list("pk", flat=True))
    form = MembersForm(request.POST if request.method == "POST" else None, initial={"members": members})
    if request.method == "POST" and form.is_valid():

        def change() -> HttpResponse:
            actions.set_members(actor_of(request.user), name, form.cleaned_data["members"])
            messages.success(request, _("Saved."))
            return redirect("group", name)

        done = _try(form, change)
        if done:
            return done
    context = {"group": found, "form": form, "is_role": name in ROLES}
    return render(request, "group.html", context, status=422 if form.errors else 200)


def _try(form: forms.Form, action: Callable[[], HttpResponse]) -> HttpResponse | None:
    """The action's answer; None when it was refused, with the reason in the form, at its field if it has one."""
    try:
        return action()
    except ActionError as error:
        field = error.members.get("field")
        form.add_error(field if field in form.fields else None, error.message)
        return None


def _person_form(user: User) -> PersonForm:
    names = set(user.groups.values_list("name", flat=True))
    roles = [role for role in ROLES if role in names]
    if user.is_superuser and "administrator" not in roles:
        roles.append("administrator")
    return PersonForm(initial={"name": user.get_full_name(), "email": user.email, "roles": roles,
                               "groups": sorted(names - set(ROLES))})


def _person_page(request: HttpRequest, user: User, form: PersonForm, *, status: int = 200, **more: Any) -> HttpResponse:
    keys = user.access_keys.order_by("-created_at")
    return render(request, "person.html", {"person": user, "form": form, "keys": keys, **more}, status=status)
