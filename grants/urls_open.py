"""Open data: what anyone may take, use and share."""

from django.urls import path

from grants.views import opendata

urlpatterns = [
    path("oppna-data/", opendata.open_data, name="open_data"),
    path("oppna-data/bidrag.json", opendata.open_grants_json, name="open_grants_json"),
    path("oppna-data/bidrag.csv", opendata.open_grants_csv, name="open_grants_csv"),
    path("oppna-data/andringar.json", opendata.open_changes_json, name="open_changes_json"),
    path("oppna-data/andringar.csv", opendata.open_changes_csv, name="open_changes_csv"),
    path("oppna-data/dcat.rdf", opendata.open_catalogue, name="open_catalogue"),
]
