from django.urls import path

from records.views import files

app_name = "records"
urlpatterns = [
    path("filer/<int:pk>/", files.file, name="file"),
]
