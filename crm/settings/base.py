"""Settings for every installation; the environment decides what differs (README, "Run it for real")."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from pgtrigger.core import Statement

from crm.settings.logs import DJANGO_STRUCTLOG_IP_LOGGING_ENABLED, LOGGING  # noqa: F401  settings

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()
VAR_DIR = Path(env.str("SETPOINT_VAR", default="") or BASE_DIR / "var").resolve()

DEBUG = env.bool("DEBUG", default=False)
TESTING = False


def required(name: str, remedy: str) -> str:
    """Return the variable, or stop the start with a sentence that says what to set."""
    value = str(env.str(name, default=""))
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {remedy}")
    return value


SECRET_KEY = required(
    "SECRET_KEY",
    "Set it to a long random string, or start with `python3 manage.py up`, which keeps one in var/.",
)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
DATABASES = {
    "default": env.db_url_config(
        required("DATABASE_URL", "Set it to postgres://user:password@host/name, or start with `python3 manage.py up`.")
    )
}
DATABASES["default"] |= {
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": {
        "application_name": "setpoint",
        "connect_timeout": 5,
        # jit and trying every order of joins cost more than they save on short queries (a deal's page: 14 ms of
        # planning against 5). Workers of one query take the cores of the others, and the planner prefers reading whole
        # tables with them to an index that one process reads sooner (the sums of a board: 60 ms against 30). What is
        # prepared (crm/lib/prepared.py) is planned once and not for each value. The rest bounds what a stuck query can hold.
        "options": "-c jit=off -c join_collapse_limit=3 -c max_parallel_workers_per_gather=0"
        " -c plan_cache_mode=force_generic_plan"
        " -c lock_timeout=3s -c statement_timeout=15s -c idle_in_transaction_session_timeout=60s",
    },
}
REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")

INSTALLED_APPS = [
    "crm.apps.CrmConfig",
    "pipeline.apps.PipelineConfig",
    "scoring.apps.ScoringConfig",
    "reports.apps.ReportsConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "django_htmx",
    "template_partials",
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_structlog",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "crm.middleware.SecurityHeadersMiddleware",
    "crm.middleware.SizeMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "crm.middleware.LocaleMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "crm.middleware.OriginMiddleware",
    "crm.middleware.FeatureMiddleware",
]

ROOT_URLCONF = "crm.root_urls"
WSGI_APPLICATION = "crm.wsgi.application"
AUTH_USER_MODEL = "crm.User"
# The audit writes once a statement, not once a row: what is written by the thousand costs a third.
PGHISTORY_LEVEL = Statement
# The e-mail is unique without regard to case, by a constraint this check does not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": [
                "crm.templatetags.setpoint",
                "crm.templatetags.components",
                "crm.templatetags.panels",
                "crm.templatetags.charts",
                "crm.templatetags.shell",
                "django.templatetags.i18n",
                "template_partials.templatetags.partials",
            ],
        },
    }
]

# People sign in with their e-mail; only an administrator invites.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
ACCOUNT_ADAPTER = "crm.auth.ClosedAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
# A key is an e-mail with the address it was tried from (crm/auth.py): nobody locks out a person who is elsewhere.
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/300s/key"}
# How many proxies of ours stand in front; what they did not add to X-Forwarded-For anybody may have made up.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody learns by mail who is known here
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {
    "login": "crm.forms.sign_in.SignInForm",
    "change_password": "crm.forms.sign_in.ChangePasswordForm",
    "set_password": "crm.forms.sign_in.SetPasswordForm",
    "reset_password": "crm.forms.sign_in.ResetPasswordForm",
    "reset_password_from_key": "crm.forms.sign_in.ResetPasswordKeyForm",
    "reauthenticate": "crm.forms.sign_in.ReauthenticateForm",
}
MFA_ADAPTER = "crm.auth.SecondStepAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an administrator vouches for the address by inviting
MFA_FORMS = {
    "authenticate": "crm.forms.sign_in.CodeForm",
    "reauthenticate": "crm.forms.sign_in.CodeAgainForm",
    "activate_totp": "crm.forms.sign_in.SwitchOnForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="UTC")

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
# What `build_assets` makes from packages (the typeface) lies beside our own files.
ASSETS_DIR = VAR_DIR / "assets"
STATICFILES_DIRS = [BASE_DIR / "static", ASSETS_DIR]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "crm.storage.HashedModulesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# What people attach to deals: named by us, served by nobody but the deal's own page. `up` keeps it beside its engines.
MEDIA_ROOT = Path(env.str("FILES_DIR", default="") or VAR_DIR / "media").resolve()
FILE_LIMIT = env.int("FILE_LIMIT_MB", default=25) * 1_000_000
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700

# Only allauth's counts of tries use it. In the database, so that people can sign in while the broker is away.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "crm_rate_limit",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
# Behind TLS: HTTPS=1 turns on everything that needs it.
HTTPS = env.bool("HTTPS", default=False)
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = ["^healthz", "^readyz", "^metrics"]  # probes ask beside the proxy
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="dummymail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="setpoint@localhost")

REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "crm.api.schema.ApiSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "crm.api.authentication.TokenAuthentication",
        "crm.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["crm.api.permissions.HasScope"],
    "DEFAULT_PAGINATION_CLASS": "crm.api.paging.CursorPaging",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PARSER_CLASSES": ["crm.api.parsers.SafeJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "crm.api.problems.problem_response",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
# How many in how many seconds, per web process: a person's requests, an address's refused tokens, new tokens.
# How often one network address may open what is shared by an address: so often in so many seconds.
SHARED_RATE = (120, 60)
# How much one network address may send by forms on websites, and how often a website's visitors there may be reported.
FORM_RATE = (20, 60)
VISIT_RATE = (240, 60)
API_RATES = {"requests": (12000, 60), "failures": (60, 60), "tokens": (30, 3600)}
SPECTACULAR_SETTINGS = {
    "TITLE": "Setpoint API",
    "DESCRIPTION": "Accounts, deals, leads, scores, figures and quarter reviews. docs/api.md has the rules all "
    "operations keep to.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [],  # closed lists stand where they are used
    "SERVE_PERMISSIONS": ["crm.api.permissions.SignedIn"],
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "docExpansion": "none", "validatorUrl": None},
}

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
    # A request that publishes gives up at once; the relay finds what nobody was told of (crm/lib/broker.py).
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10

# Who may read /metrics from another machine; without it only this one may.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
