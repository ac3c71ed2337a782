"""Schools, and the public: classes, visits, confirmations, how the guarantee stands."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
