"""What uses cost and how the venues were used: invoice basis, statistics, calendars."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
