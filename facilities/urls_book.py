"""Venues and free times for everybody; bookings of those who hire."""

from django.urls import URLPattern, path

from facilities.views import booking, changing, day, finding, own, public, series, swapping, waiting, week

urlpatterns: list[URLPattern] = [
    path("", public.venue_list, name="venue_list"),
    path("lediga-tider/", finding.find, name="find"),
    path("dag/", day.day, name="day"),
    path("anlaggning/<slug:key>/", public.venue, name="venue"),
    path("anlaggning/<slug:key>/vecka/", week.week, name="week"),
    path("yta/<int:pk>/", public.space, name="space"),
    path("yta/<int:pk>/boka/", booking.space_book, name="space_book"),
    path("yta/<int:pk>/serie/", series.series, name="series"),
    path("yta/<int:pk>/vanta/", waiting.waiting_join, name="waiting_join"),
    path("bokningar/serier/<int:pk>/", series.series_receipt, name="series_receipt"),
    path("bokningar/", own.booking_list, name="booking_list"),
    path("bokningar/<int:pk>/", own.booking, name="booking"),
    path("bokningar/<int:pk>/uppgifter/", booking.booking_fill, name="booking_fill"),
    path("bokningar/<int:pk>/bekrafta/", booking.booking_confirm, name="booking_confirm"),
    path("bokningar/<int:pk>/angra/", booking.booking_let_go, name="booking_let_go"),
    path("bokningar/<int:pk>/kvitto/", booking.booking_receipt, name="booking_receipt"),
    path("bokningar/<int:pk>/flytta/", changing.booking_move, name="booking_move"),
    path("bokningar/<int:pk>/korta/", changing.booking_shorten, name="booking_shorten"),
    path("bokningar/<int:pk>/avboka/", changing.booking_cancel, name="booking_cancel"),
    path("bokningar/<int:pk>/avboka-resten/", changing.booking_cancel_rest, name="booking_cancel_rest"),
    path("bokningar/<int:pk>/slapp/", changing.booking_release, name="booking_release"),
    path("bokningar/<int:pk>/byt/", swapping.swap_choose, name="swap_choose"),
    path("bokningar/<int:pk>/byt/<int:other>/", swapping.swap_propose, name="swap_propose"),
    path("bokningar/vantelista/", waiting.waiting_list, name="waiting_list"),
    path("bokningar/vantelista/<int:pk>/", waiting.waiting_offer, name="waiting_offer"),
    path("bokningar/vantelista/<int:pk>/lamna/", waiting.waiting_leave, name="waiting_leave"),
    path("bokningar/byten/", swapping.swap_list, name="swap_list"),
    path("bokningar/byten/<int:pk>/", swapping.swap, name="swap"),
]
