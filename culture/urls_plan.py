"""The culture officer's desk, and how the guarantee stands for everybody."""

from django.urls import URLPattern, path

from culture.views import desk, public

urlpatterns: list[URLPattern] = [
    path("", public.public, name="public"),
    path("skrivbord/", desk.desk, name="desk"),
    path("skrivbord/skolor/<int:pk>/", desk.desk_school, name="desk_school"),
    path("skrivbord/klasser/<int:pk>/", desk.desk_class, name="desk_class"),
]
