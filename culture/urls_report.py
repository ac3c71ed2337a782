"""What a school year came to: the yearly report, Skapande skola, what people thought, the cohorts."""

from django.urls import URLPattern, path

from culture.views import cohorts, funding, opinions, report

urlpatterns: list[URLPattern] = [
    path("rapport/", report.report, name="report"),
    path("rapport/<int:first>.pdf", report.report_public, name="report_public"),
    path("rapport/<int:first>/intern.pdf", report.report_pdf, name="report_pdf"),
    path("rapport/<int:first>/siffror.<str:kind>", report.report_table, name="report_table"),
    path("skapande-skola/", funding.funding, name="funding"),
    path("arskullar/", cohorts.cohorts, name="cohorts"),
    path("utvardering/", opinions.opinions, name="opinions"),
    path("utvardering/<int:pk>/", opinions.opinion, name="opinion"),
    path("utvardering/producenter/<int:pk>/", opinions.opinions_of_producer, name="opinions_of_producer"),
    path("utvardering/vara/", opinions.own_opinions, name="own_opinions"),
]
