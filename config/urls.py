"""The URL tree. Nouns, then a verb; each app owns one namespace."""

from django.conf import settings
from django.urls import include, path
from django.views.i18n import set_language

from accounts.permissions import public
from config import health, views
from config.feedback import accessibility
from config.style_guide import style_guide

handler400 = "config.views.bad_request"

urlpatterns = [
    path("", views.home, name="home"),
    path("halsa/", health.health, name="health"),
    path("sprak/", public(set_language), name="set_language"),
    path("tillganglighet/", accessibility, name="accessibility"),
    path("personuppgifter/", views.personal_data, name="personal_data"),
    path("konto/", include("allauth.urls")),
    path("konto/", include("accounts.urls")),
    path("", include("records.urls")),
    path("foreningar/", include("associations.urls")),
    path("bidrag/", include("grants.urls")),
    path("lokaler/", include("facilities.urls")),
    path("kulturgaranti/", include("culture.urls")),
]

if settings.DEMO or settings.DEBUG:
    urlpatterns.append(path("stil/", style_guide, name="style_guide"))
