"""What the municipality's staff do: venues, hours, tariffs, requests, the day's list, faults. And faults that others report."""

from django.urls import URLPattern, path

from facilities.views import (
    behalf,
    closures,
    desk,
    faults,
    hours,
    kept,
    requests,
    spaces,
    tariffs,
    today,
    venues,
    waiting_desk,
)

urlpatterns: list[URLPattern] = [
    path("skrivbord/", desk.desk, name="desk"),
    # the day
    path("skrivbord/idag/", today.today, name="today"),
    path("skrivbord/idag/<slug:key>/", today.day_list, name="day_list"),
    path("skrivbord/bokningar/<int:pk>/kom/", today.note_arrival, name="note_arrival"),
    path("skrivbord/bokningar/<int:pk>/kom-inte/", today.note_absence, name="note_absence"),
    path("skrivbord/bokningar/<int:pk>/angra/", today.note_undo, name="note_undo"),
    # requests
    path("skrivbord/forfragningar/", requests.request_list, name="request_list"),
    path("skrivbord/forfragningar/<int:pk>/godkann/", requests.request_approve, name="request_approve"),
    path("skrivbord/forfragningar/<int:pk>/avsla/", requests.request_refuse, name="request_refuse"),
    path("skrivbord/forfragningar/serier/<int:pk>/godkann/", requests.series_approve, name="request_series_approve"),
    path("skrivbord/forfragningar/serier/<int:pk>/avsla/", requests.series_refuse, name="request_series_refuse"),
    # bookings
    path("skrivbord/bokningar/", kept.kept_list, name="kept_list"),
    path("skrivbord/bokningar/<int:pk>/", kept.kept_booking, name="kept_booking"),
    path("skrivbord/bokningar/<int:pk>/kod/", kept.kept_code, name="kept_code"),
    path("skrivbord/bokningar/<int:pk>/flytta/", kept.kept_move, name="kept_move"),
    path("skrivbord/bokningar/<int:pk>/avboka/", kept.kept_cancel, name="kept_cancel"),
    path("skrivbord/bokningar/<int:pk>/byt/", kept.kept_swap, name="kept_swap"),
    path("skrivbord/boka/", behalf.behalf_book, name="behalf_book"),
    path("skrivbord/egen-tid/", behalf.own_use, name="own_use"),
    path("skrivbord/vantelista/", waiting_desk.kept_waiting, name="kept_waiting"),
    # closed times
    path("skrivbord/stangt/", closures.closure_list, name="closure_list"),
    path("skrivbord/stangt/<int:pk>/oppna/", closures.closure_end, name="closure_end"),
    path("skrivbord/stangt/<slug:key>/nytt/", closures.closure_new, name="closure_new"),
    # venues and their spaces
    path("skrivbord/anlaggningar/", venues.kept_venues, name="kept_venues"),
    path("skrivbord/anlaggningar/ny/", venues.venue_new, name="venue_new"),
    path("skrivbord/anlaggningar/<slug:key>/", venues.kept_venue, name="kept_venue"),
    path("skrivbord/anlaggningar/<slug:key>/andra/", venues.venue_edit, name="venue_edit"),
    path("skrivbord/anlaggningar/<slug:key>/bilder/ny/", venues.picture_add, name="picture_add"),
    path("skrivbord/bilder/<int:pk>/", venues.picture_edit, name="picture_edit"),
    path("skrivbord/bilder/<int:pk>/ta-bort/", venues.picture_remove, name="picture_remove"),
    path("skrivbord/anlaggningar/<slug:key>/lokaler/ny/", spaces.space_new, name="space_new"),
    path("skrivbord/lokaler/<int:pk>/", spaces.space_edit, name="space_edit"),
    path("skrivbord/lokaler/<int:pk>/del-av/", spaces.space_move, name="space_move"),
    path("skrivbord/lokaler/<int:pk>/utrustning/", spaces.space_equipment, name="space_equipment"),
    path("skrivbord/lokaler/<int:pk>/ta-bort/", spaces.space_remove, name="space_remove"),
    # hours and rules, of a venue or of one of its spaces
    path("skrivbord/anlaggningar/<slug:key>/oppettider/", hours.hours, name="hours"),
    path("skrivbord/anlaggningar/<slug:key>/oppettider/sasong/", hours.season, name="season"),
    path("skrivbord/anlaggningar/<slug:key>/oppettider/avvikande/", hours.exception, name="exception"),
    path("skrivbord/anlaggningar/<slug:key>/oppettider/avvikande/ta-bort/", hours.exception_remove, name="exception_remove"),
    path("skrivbord/anlaggningar/<slug:key>/regler/", hours.rules, name="rules"),
    path("skrivbord/lokaler/<int:pk>/oppettider/", hours.hours, name="space_hours"),
    path("skrivbord/lokaler/<int:pk>/oppettider/sasong/", hours.season, name="space_season"),
    path("skrivbord/lokaler/<int:pk>/oppettider/avvikande/", hours.exception, name="space_exception"),
    path("skrivbord/lokaler/<int:pk>/oppettider/avvikande/ta-bort/", hours.exception_remove, name="space_exception_remove"),
    path("skrivbord/lokaler/<int:pk>/regler/", hours.rules, name="space_rules"),
    # tariffs
    path("skrivbord/taxor/", tariffs.tariff_list, name="tariff_list"),
    path("skrivbord/taxor/<int:pk>/", tariffs.tariff, name="tariff"),
    path("skrivbord/taxor/<int:pk>/nasta/", tariffs.tariff_next, name="tariff_next"),
    path("skrivbord/taxor/<int:pk>/andra/", tariffs.tariff_edit, name="tariff_edit"),
    path("skrivbord/taxor/<int:pk>/publicera/", tariffs.tariff_publish, name="tariff_publish"),
    path("skrivbord/taxor/<int:pk>/slang/", tariffs.tariff_discard, name="tariff_discard"),
    # faults
    path("skrivbord/fel/", faults.fault_list, name="fault_list"),
    path("skrivbord/fel/<int:pk>/stang/", faults.fault_close, name="fault_close"),
    path("fel/", faults.own_faults, name="own_faults"),
    path("fel/anmal/", faults.fault_report, name="fault_report"),
    path("fel/<int:pk>/", faults.fault, name="fault"),
    # for everybody
    path("bilder/<int:pk>/", venues.venue_picture, name="venue_picture"),
]
