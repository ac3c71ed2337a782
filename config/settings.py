"""Settings. Everything that differs between machines comes from the environment; docs/operation.md lists it."""

import base64
import hashlib
import os
import secrets
from datetime import date
from decimal import Decimal
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.utils.translation import gettext_lazy as _

from accounts import directories
from config import embedded, logging

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("MEDSPEL_VAR", BASE_DIR / "var"))


def _flag(name: str, default: bool) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def _list(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def _kept_secret(path: Path) -> str:
    """The development secret: made once, kept under var/, never committed."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(secrets.token_urlsafe(50))
        path.chmod(0o600)
    return path.read_text().strip()


def _folder(path: Path) -> str:
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return str(path)


def _derived(label: str, secret: str) -> str:
    """A key of its own from the secret: changing the secret changes it, so a real installation sets it in the environment."""
    return base64.urlsafe_b64encode(hashlib.sha256(f"{label}:{secret}".encode()).digest()).decode()


def _database(url: str) -> dict[str, object]:
    """A DATABASES entry from postgresql://user:password@host:port/name?option=value (host may also be an option)."""
    parts = urlsplit(url)
    options: dict[str, object] = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or parts.hostname or ""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "medspel",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": int(os.environ.get("DATABASE_CONN_MAX_AGE", "60")),
    }


def _embedded_url() -> str:
    return embedded.attach(VAR_DIR / "postgres", "medspel")


DEBUG = _flag("MEDSPEL_DEBUG", default=False)
DEMO = _flag("MEDSPEL_DEMO", default="DATABASE_URL" not in os.environ)
SECRET_KEY = os.environ.get("SECRET_KEY") or _kept_secret(VAR_DIR / "secret-key")
ALLOWED_HOSTS = _list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],testserver")
CSRF_TRUSTED_ORIGINS = _list("CSRF_TRUSTED_ORIGINS")
MUNICIPALITY = {
    "name": os.environ.get("MUNICIPALITY_NAME", "Karlskoga kommun"),
    "code": os.environ.get("MUNICIPALITY_CODE", "1883"),
    "organisation_number": os.environ.get("MUNICIPALITY_ORGANISATION_NUMBER", "212000-1991"),
    "department": os.environ.get("MUNICIPALITY_DEPARTMENT", "Kultur- och föreningsförvaltningen"),
    "committee": os.environ.get("MUNICIPALITY_COMMITTEE", "Kultur- och föreningsnämnden"),
    "email": os.environ.get("MUNICIPALITY_EMAIL", "forening@karlskoga.example"),
    "phone": os.environ.get("MUNICIPALITY_PHONE", "0586-610 00"),
    "court": os.environ.get("MUNICIPALITY_COURT", "Förvaltningsrätten i Karlstad, Box 568, 651 12 Karlstad"),  # appeals go here
    "address": os.environ.get("MUNICIPALITY_ADDRESS", "691 83 Karlskoga"),
}

INSTALLED_APPS = [
    "config",
    "grants",
    "culture",
    "facilities",
    "associations",
    "accounts",
    "records",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "pgtrigger",
    "pghistory",
    "import_export",
    "django_htmx",
    "django_structlog",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "config.middleware.received",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.permissions_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.chosen_language",
    "accounts.middleware.LoginRequired",
    "accounts.middleware.hats",
    "allauth.account.middleware.AccountMiddleware",
    "config.logging.RequestLog",
    "pghistory.middleware.HistoryMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "records.middleware.refuse_oversized_requests",  # before anything that reads what was sent
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.SecondFactor",
    "accounts.middleware.KeepText",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
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
                "config.context.house",
            ],
            "builtins": ["config.templatetags.house"],
        },
    }
]
FORM_RENDERER = "config.forms.HouseRenderer"

DATABASES = {"default": _database(os.environ.get("DATABASE_URL") or _embedded_url())}
# Rate limits and used one-time codes: shared by all server processes, so never in the memory of one.
_CACHE_URL = os.environ.get("CACHE_URL", "")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": _CACHE_URL}
    if _CACHE_URL
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache", "OPTIONS": {"MAX_ENTRIES": 100_000}}
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
CSRF_FAILURE_VIEW = "accounts.views.kept.stale_page"
# Staff (accounts.choices.STAFF) reach no page before they have a second factor.
STAFF_SECOND_FACTOR = _flag("STAFF_SECOND_FACTOR", default=True)

ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# A code, not a link: it survives mail readers that open links, and one may read it on another device.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": True, "length": 8}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 3
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_RATE_LIMITS = {
    "signup": "20/m/ip",
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "request_login_code": "20/m/ip,3/m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "confirm_email": "1/10s/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "keep_text": "60/h/ip",  # accounts.kept
}
# Proxies in front that are ours: without the number every visitor seems to come from the proxy, and limits hit all at once.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXIES", "0"))

MFA_ADAPTER = "accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "accounts.passkey_form.PasskeyForm",
    "signup_webauthn": "accounts.passkey_form.SignupPasskeyForm",
    "edit_webauthn": "accounts.passkey_form.RenamePasskeyForm",
}
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO  # http://localhost
SECOND_FACTOR_KEYS = _list("SECOND_FACTOR_KEYS") or [_derived("second-factor", SECRET_KEY)]

# BankID and Freja brokers, the municipality's directory: docs/sign-in.md.
DIRECTORIES = directories.by_id(
    [
        *directories.read_oidc(os.environ.get("OIDC_PROVIDERS", "")),
        *directories.read_saml(os.environ.get("SAML_PROVIDERS", "")),
    ]
)
PERSON_HASH_KEY = os.environ.get("PERSON_HASH_KEY") or _derived("person", SECRET_KEY)
# A keyed hash of the personal number of those on attendance cards, so that the same person in two files is one person.
ATTENDANCE_KEEPS_IDENTITY = _flag("ATTENDANCE_KEEPS_IDENTITY", default=True)
ATTENDANCE_AT_ONCE = 1_500_000  # bytes: a file so small is read while the person waits, a larger one by the worker
ATTENDANCE_WRITTEN_AT_ONCE = 1_000  # sessions: so few are written while the person waits
SOCIALACCOUNT_ADAPTER = "accounts.adapters.SocialAdapter"
SOCIALACCOUNT_PROVIDERS = directories.for_allauth(DIRECTORIES)
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_STORE_TOKENS = False

# Nothing runs or is fetched but what we serve; data: is the QR code and the signs in the style sheets. Signing in elsewhere
# sends a form on to another house, so form-action opens for https when there is one.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'", *(["https:"] if DIRECTORIES else [])],
    }
}

# How the house is reached from outside: links in letters start with it. With https everything is sent over https only.
SITE_URL = os.environ.get("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
HTTPS = SITE_URL.startswith("https://")
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^halsa/$"]  # a monitor asks from within
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # only a whole domain can be preloaded, and that is its owner's choice
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SESSION_COOKIE_AGE = int(os.environ.get("SESSION_HOURS", "12")) * 3600
SESSION_SAVE_EVERY_REQUEST = False
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 31_536_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000  # bytes of a form without its files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # a season of attendance on one page
DATA_UPLOAD_MAX_NUMBER_FILES = 20

LOGGING = logging.configured(for_people=DEBUG)
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = 10  # one line for each request is enough
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = bool(ALLAUTH_TRUSTED_PROXY_COUNT)

INVITATION_DAYS = int(os.environ.get("INVITATION_DAYS", "14"))

CASE_SERIES = os.environ.get("MEDSPEL_CASE_SERIES", "KFN")
APPEAL_WEEKS = int(os.environ.get("MEDSPEL_APPEAL_WEEKS", "3"))  # kommunallagen 13:5

# Grants: may the one who proposed also decide, when somebody else has reviewed? Do payment files take two people?
GRANTS_PROPOSER_MAY_DECIDE = _flag("GRANTS_PROPOSER_MAY_DECIDE", default=False)
GRANTS_PAYMENT_NEEDS_TWO = _flag("GRANTS_PAYMENT_NEEDS_TWO", default=True)
GRANTS_CLAIM_LIMIT = Decimal(os.environ.get("GRANTS_CLAIM_LIMIT", "100"))  # kronor: smaller claims are waived
GRANTS_CLAIM_DAYS = int(os.environ.get("GRANTS_CLAIM_DAYS", "30"))  # to pay back
# Open data. The prefix is given out by 360Giving when a publisher registers: the default is an example.
OPEN_DATA_PREFIX = os.environ.get("OPEN_DATA_PREFIX", "360G-exempel")
OPEN_DATA_LICENCE = os.environ.get("OPEN_DATA_LICENCE", "https://creativecommons.org/publicdomain/zero/1.0/")
PAYMENTS_VERSION = os.environ.get("PAYMENTS_VERSION", "pain.001.001.03")
PAYMENTS_DEBTOR = {  # the defaults are examples: the agreement with the bank says what they are
    "account_kind": os.environ.get("PAYMENTS_ACCOUNT_KIND", "bankgiro"),
    "account_number": os.environ.get("PAYMENTS_ACCOUNT_NUMBER", "5050-1055"),
    "bic": os.environ.get("PAYMENTS_BIC", "SWEDSESS"),
    "sender_id": os.environ.get("PAYMENTS_SENDER_ID", ""),
}

# Bills of hired spaces. The bank giro is an example. Empty endpoint and VAT number: made of the organisation number.
BILLING_SERIES = os.environ.get("BILLING_SERIES", "LOK")
BILLING_DAYS = int(os.environ.get("BILLING_DAYS", "30"))  # to pay
BILLING_SINCE = date.fromisoformat(os.environ.get("BILLING_SINCE", "1970-01-01"))  # what was used before is never billed
BILLING_F_TAX = _flag("BILLING_F_TAX", default=False)
BILLING_SELLER = {
    "bank_giro": os.environ.get("BILLING_BANK_GIRO", "5050-1055"),
    "endpoint": os.environ.get("BILLING_ENDPOINT", ""),
    "vat_number": os.environ.get("BILLING_VAT_NUMBER", ""),
    "exemption": os.environ.get("BILLING_EXEMPTION", "Undantag från skatteplikt enligt 10 kap. mervärdesskattelagen (2023:200)"),
}

LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", _("Swedish")), ("en", _("English")), ("fi", _("Finnish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Stockholm"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

# Hashed, compressed names that browsers keep for ever need `manage.py collectstatic` first; a demonstration does without.
STATIC_HASHED = _flag("MEDSPEL_STATIC_HASHED", default=not DEBUG and not DEMO)
STATIC_URL = "static/"
_MODULES = BASE_DIR / "node_modules"
_VENDOR = {
    "vendor/designsystemet": _MODULES / "@digdir/designsystemet-css/dist/src",
    "vendor/theme": _MODULES / "@digdir/designsystemet-theme/brand",
    "vendor/inter": _MODULES / "@fontsource-variable/inter/files",
}
STATICFILES_DIRS = [BASE_DIR / "static", *((name, path) for name, path in _VENDOR.items() if path.exists())]
STATIC_ROOT = VAR_DIR / "static"
WHITENOISE_USE_FINDERS = not STATIC_HASHED
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_HASHED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
FILES_ROOT = Path(os.environ.get("MEDSPEL_FILES", VAR_DIR / "files"))
FILE_MAX_SIZE = int(os.environ.get("MEDSPEL_FILE_MAX_SIZE", "20000000"))  # bytes, each file
REQUEST_MAX_SIZE = int(os.environ.get("MEDSPEL_REQUEST_MAX_SIZE", "100000000"))  # bytes, refused before it is read
CLAMAV_ADDRESS = os.environ.get("CLAMAV_ADDRESS", "")  # host:port or the path of a unix socket; empty: files are not scanned

EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_TIMEOUT = 20  # seconds
EMAIL_USE_TLS = _flag("EMAIL_USE_TLS", default=False)
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "Medspel <medspel@karlskoga.example>")

CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL", "filesystem://")
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = (
    {
        "data_folder_in": _folder(VAR_DIR / "broker/queue"),
        "data_folder_out": _folder(VAR_DIR / "broker/queue"),
        "control_folder": _folder(VAR_DIR / "broker/control"),
        "polling_interval": 0.1,  # seconds; the default of one lets a worker rest between every pair of letters
    }
    if CELERY_BROKER_URL.startswith("filesystem")
    else {"visibility_timeout": 7200, "max_retries": 0}  # a broker that is down must not hold up a person: the sweep takes over
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "records.sweep": {"task": "records.sweep", "schedule": 60.0},  # seconds
    "records.tidy": {"task": "records.tidy", "schedule": 86400.0},
    "records.take_down_notices": {"task": "records.take_down_notices", "schedule": 600.0},
    "accounts.tidy": {"task": "accounts.tidy", "schedule": 86400.0},
    "associations.sweep_attendance": {"task": "associations.sweep_attendance", "schedule": 60.0},
    "facilities.sweep": {"task": "facilities.sweep", "schedule": 60.0},
    "facilities.keep_rounds": {"task": "facilities.keep_rounds", "schedule": 3600.0},
    "facilities.sweep_proposals": {"task": "facilities.sweep_proposals", "schedule": 60.0},
    "facilities.sweep_work": {"task": "facilities.sweep_work", "schedule": 60.0},
    "grants.lapse_completions": {"task": "grants.lapse_completions", "schedule": 600.0},
    "grants.remind_of_reports": {"task": "grants.remind_of_reports", "schedule": 3600.0},
    "culture.remind": {"task": "culture.remind", "schedule": 3600.0},
    "culture.sweep_plans": {"task": "culture.sweep_plans", "schedule": 60.0},
    "culture.keep_years": {"task": "culture.keep_years", "schedule": 3600.0},
}
