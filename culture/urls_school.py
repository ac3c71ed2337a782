"""Schools, and the public: classes, visits, confirmations, how the guarantee stands."""

from django.urls import URLPattern, path

from culture.views import link

urlpatterns: list[URLPattern] = [
    path("lank/<str:token>/", link.link, name="link"),
]
