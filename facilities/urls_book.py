"""Venues and free times for everybody; bookings of those who hire."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
