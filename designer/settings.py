"""Django's settings: composition only; what a person may set is read in config.py."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from designer.config import LOOPBACK, read

CONFIG = read()
BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = CONFIG.secret_key
DEBUG = False
ALLOWED_HOSTS = [CONFIG.host, urlsplit(CONFIG.public_url).hostname or CONFIG.host] if CONFIG.production else ["*"]
CSRF_TRUSTED_ORIGINS = [CONFIG.public_url]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "designer",
    "executions",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "designer.people.middleware.ContentSecurityPolicyMiddleware",
    "designer.static_files.StaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "designer.people.middleware.ReaderMiddleware",
    "designer.people.middleware.RefusalMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "designer.urls"
ASGI_APPLICATION = "designer.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "designer.people.context.frame",
                "executions.approvals.context.waiting",
            ],
        },
    },
]
# Connections belong to threads that live as long as the server (pages.py, store/threads.py, the commit thread).
_SQLITE = "sqlite" in CONFIG.database["ENGINE"]
DATABASES = {"default": CONFIG.database | {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": not _SQLITE}}
if _SQLITE:
    # Tests, too, use a file: threads that share an in-memory database lock each other out.
    DATABASES["default"]["TEST"] = {"NAME": CONFIG.data_dir / "tests.sqlite3"}
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
AUTH_USER_MODEL = "designer.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("MinimumLengthValidator", "CommonPasswordValidator", "UserAttributeSimilarityValidator")
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ja", _("Japanese"))]
LOCALE_PATHS = [
    BASE_DIR / room / "locale"
    for room in ("designer/people", "designer/editor", "executions/live", "executions/approvals",
                 "executions/integrations", "designer")
]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATICFILES_FINDERS = ["designer.static_files.Finder"]
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = None  # WhiteNoise serves the files where they are; nothing is collected
WHITENOISE_USE_FINDERS = True
CHANNEL_LAYERS = {
    "default": {"BACKEND": "executions.live.layer.LocalChannelLayer"}
    if not CONFIG.redis_url
    else {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": {"hosts": [CONFIG.redis_url]}},
}
# Mail as EMAIL_URL says; a mail server that does not answer must not hold up the others.
DEFAULT_FROM_EMAIL = f"statewright@{urlsplit(CONFIG.public_url).hostname or 'localhost'}"
globals().update({name: value for name, value in CONFIG.email.items() if value is not None})
EMAIL_TIMEOUT = 15
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIG.public_url.startswith("https://")
STATEWRIGHT_LOCAL = CONFIG.host in LOOPBACK
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "designer.rest.authentication.AccessKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["designer.rest.parsing.JsonParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "designer.rest.errors.answer",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Statewright",
    "DESCRIPTION": "State machines, executions, approvals, functions and people of this installation.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
}
