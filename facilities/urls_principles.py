"""The principles of seasons: read by anybody, written by officers."""

from django.urls import URLPattern, path

from facilities.views import principles, principles_parts, principles_try

urlpatterns: list[URLPattern] = [
    path("sasong/principer/<int:pk>/", principles.season_principles, name="season_principles"),
    path("skrivbord/sasong/principer/borja/", principles.principles_begin, name="principles_begin"),
    path("skrivbord/sasong/principer/ny/", principles.kept_principles_new, name="kept_principles_new"),
    path("skrivbord/sasong/principer/<int:pk>/", principles.kept_principles, name="kept_principles"),
    path("skrivbord/sasong/principer/<int:pk>/andra/", principles.kept_principles_edit, name="kept_principles_edit"),
    path("skrivbord/sasong/principer/<int:pk>/fil/", principles.principles_file, name="principles_file"),
    path("skrivbord/sasong/principer/<int:pk>/namn/", principles.principles_facts, name="principles_facts"),
    path("skrivbord/sasong/principer/<int:pk>/flytta/", principles.principles_move, name="principles_move"),
    path("skrivbord/sasong/principer/<int:pk>/publicera/", principles.principles_publish, name="principles_publish"),
    path("skrivbord/sasong/principer/<int:pk>/prova/", principles_try.principles_try, name="principles_try"),
    path("skrivbord/sasong/principer/<int:pk>/turordning/", principles_parts.principles_ladder, name="principles_ladder"),
    path("skrivbord/sasong/principer/<int:pk>/sedan/", principles_parts.principles_after, name="principles_after"),
    path("skrivbord/sasong/principer/<int:pk>/rad/<slug:kind>/", principles_parts.principles_row, name="principles_row_new"),
    path(
        "skrivbord/sasong/principer/<int:pk>/rad/<slug:kind>/<int:place>/",
        principles_parts.principles_row,
        name="principles_row",
    ),
]
