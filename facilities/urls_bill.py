"""What uses cost and how the venues were used: invoice basis, statistics, calendars."""

from django.urls import URLPattern, path

from facilities.views import billing, calendars, own_bills, statistics

_MONTH = "fakturaunderlag/<int:year>-<int:month>/"

urlpatterns: list[URLPattern] = [
    path("fakturaunderlag/", billing.bill_list, name="bill_list"),
    path(_MONTH, billing.bill_month, name="bill_month"),
    path(f"{_MONTH}utkast/", billing.bill_draft, name="bill_draft"),
    path(f"{_MONTH}gor/", billing.bill_make, name="bill_make"),
    path(f"{_MONTH}lamna-over/", billing.bill_hand_over, name="bill_hand_over"),
    path(f"{_MONTH}rader.<str:kind>", billing.bill_table, name="bill_table"),
    path("fakturaunderlag/<int:pk>/", billing.bill, name="bill"),
    path("fakturaunderlag/<int:pk>/e-faktura.xml", billing.bill_xml, name="bill_xml"),
    path("fakturaunderlag/vara/", own_bills.own_bills, name="own_bills"),
    path("fakturaunderlag/vara/rader.<str:kind>", own_bills.own_bill_table, name="own_bill_table"),
    path("statistik/", statistics.statistics, name="statistics"),
    path("statistik/tabell.<str:kind>", statistics.statistics_table, name="statistics_table"),
    path("statistik/oppen/", statistics.statistics_public, name="statistics_public"),
    path("statistik/oppen/tabell.<str:kind>", statistics.statistics_public_table, name="statistics_public_table"),
    path("kalender/", calendars.calendar_list, name="calendar_list"),
    path("kalender/gor/", calendars.calendar_make, name="calendar_make"),
    path("kalender/<int:pk>/ny-adress/", calendars.calendar_renew, name="calendar_renew"),
    path("kalender/<int:pk>/ta-bort/", calendars.calendar_revoke, name="calendar_revoke"),
    path("kalender/<uuid:uid>/<str:token>.ics", calendars.calendar_feed, name="calendar_feed"),
    path("kalender/lokal/<int:pk>.ics", calendars.calendar_of_space, name="calendar_of_space"),
]
