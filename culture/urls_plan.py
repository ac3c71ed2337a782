"""The culture officer's desk: schools, programme, plan, coverage."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
