"""Addresses of this room."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, path
from drf_spectacular.views import SpectacularAPIView

from designer.people import account_views, people_views, preference_views, rest
from designer.rest.docs import docs

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", account_views.SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(next_page="login"), name="logout"),
    path("theme/", preference_views.theme, name="theme"),
    path("language/", preference_views.language, name="language"),
    path("account/", account_views.account, name="account"),
    path("account/password/", account_views.PasswordChange.as_view(), name="password"),
    path("account/keys/", account_views.create_key, name="create-key"),
    path("account/keys/<str:key_id>/", account_views.change_key, name="change-key"),
    path("people/", people_views.people, name="people"),
    path("people/new/", people_views.new_person, name="new-person"),
    path("people/groups/", people_views.groups, name="groups"),
    path("people/groups/<str:name>/", people_views.group, name="group"),
    path("people/<int:user_id>/", people_views.person, name="person"),
    path("people/<int:user_id>/action/", people_views.person_action, name="person-action"),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/v1/docs/", docs, name="api-docs"),
    path("api/v1/me/", rest.Me.as_view(), name="rest-me"),
    path("api/v1/people/", rest.People.as_view(), name="rest-people"),
    path("api/v1/people/<int:user_id>/", rest.Person.as_view(), name="rest-person"),
    path("api/v1/people/<int:user_id>/password/", rest.Password.as_view(), name="rest-password"),
    path("api/v1/groups/", rest.Groups.as_view(), name="rest-groups"),
    path("api/v1/groups/<str:name>/", rest.GroupView.as_view(), name="rest-group"),
    path("api/v1/keys/", rest.Keys.as_view(), name="rest-keys"),
    path("api/v1/keys/<str:key_id>/", rest.Key.as_view(), name="rest-key"),
]
