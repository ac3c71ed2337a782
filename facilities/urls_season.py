"""A season's round: wishes of associations, and the officers who prepare and follow it."""

from django.urls import URLPattern, path

from facilities.views import decision, season, season_desk

urlpatterns: list[URLPattern] = [
    path("sasong/", season.season_list, name="season_list"),
    path("sasong/<int:pk>/", season.season, name="season_round"),
    path("sasong/<int:pk>/onska/", season.wishes_begin, name="wishes_begin"),
    path("sasong/onskemal/<int:pk>/", season.wishes, name="wishes"),
    path("sasong/onskemal/<int:pk>/kopiera/", season.wishes_copy, name="wishes_copy"),
    path("sasong/onskemal/<int:pk>/oppna/", season.wishes_take_back, name="wishes_take_back"),
    path("sasong/onskemal/<int:pk>/grupp/", season.section_new, name="section_new"),
    path("sasong/grupper/<int:pk>/", season.section_edit, name="section_edit"),
    path("sasong/grupper/<int:pk>/ta-bort/", season.section_remove, name="section_remove"),
    path("skrivbord/sasong/", season_desk.kept_seasons, name="kept_seasons"),
    path("skrivbord/sasong/ny/", season_desk.kept_season_new, name="kept_season_new"),
    path("skrivbord/sasong/<int:pk>/", season_desk.kept_season, name="kept_season"),
    path("skrivbord/sasong/<int:pk>/andra/", season_desk.kept_season_edit, name="kept_season_edit"),
    path("skrivbord/sasong/<int:pk>/oppna/", season_desk.kept_season_open, name="kept_season_open"),
    path("skrivbord/sasong/<int:pk>/stang/", season_desk.kept_season_close, name="kept_season_close"),
    path("skrivbord/sasong/onskemal/<int:pk>/", season_desk.kept_wishes, name="kept_wishes"),
    path("skrivbord/sasong/principer/ny/", season_desk.kept_principles_new, name="kept_principles_new"),
    path("skrivbord/sasong/principer/<int:pk>/", season_desk.kept_principles, name="kept_principles"),
    path("skrivbord/sasong/principer/<int:pk>/andra/", season_desk.kept_principles_edit, name="kept_principles_edit"),
    # The decision and what came of it.
    path("sasong/<int:pk>/tider/", decision.season_own_times, name="season_own_times"),
    path("skrivbord/sasong/<int:pk>/besluta/", decision.season_decide, name="season_decide"),
    path("skrivbord/sasong/<int:pk>/beslut/", decision.season_decision, name="season_decision"),
    path("skrivbord/sasong/<int:pk>/beslut/upphav/", decision.season_undo, name="season_undo"),
    path("skrivbord/sasong/tider/<int:pk>/", decision.kept_season_time, name="kept_season_time"),
]
