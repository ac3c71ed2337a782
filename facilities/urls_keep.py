"""What the municipality's staff do: venues, hours, tariffs, requests, the day's list, faults."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
