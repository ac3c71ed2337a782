"""A season's round: wishes of associations, and the officers who prepare and follow it."""

from django.urls import URLPattern, path

from facilities.views import (
    board,
    board_choices,
    board_tries,
    proposal_compare,
    proposals,
    season,
    season_desk,
)

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
]

ON_BOARD = "skrivbord/sasong/forslag/<int:pk>/tavla/<str:section>/<int:weekday>/"

urlpatterns += [  # proposals and their board
    path("skrivbord/sasong/<int:pk>/foresla/", proposals.proposal_ask, name="proposal_ask"),
    path("skrivbord/sasong/forslag/jamfor/", proposal_compare.proposal_compare, name="proposal_compare"),
    path("skrivbord/sasong/forslag/<int:pk>/", proposals.proposal, name="proposal"),
    path("skrivbord/sasong/forslag/<int:pk>/versioner/", proposals.proposal_versions, name="proposal_versions"),
    path("skrivbord/sasong/forslag/<int:pk>/angra/", proposals.proposal_undo, name="proposal_undo"),
    path("skrivbord/sasong/forslag/<int:pk>/slang/", proposals.proposal_drop, name="proposal_drop"),
    path("skrivbord/sasong/forslag/<int:pk>/tavla/", board.board, name="board"),
    path("skrivbord/sasong/forslag/<int:pk>/saknar/", board.board_lacking, name="board_lacking"),
    path("skrivbord/sasong/forslag/<int:pk>/prova/", board_tries.board_try, name="board_try"),
    path("skrivbord/sasong/forslag/<int:pk>/grupp/<str:section>/", board.board_group, name="board_group"),
    path("skrivbord/sasong/forslag/<int:pk>/grupp/<str:section>/ny-tid/", board_choices.board_add, name="board_add"),
    path(ON_BOARD, board.board_pass, name="board_pass"),
    path(f"{ON_BOARD}las/", board.board_lock, name="board_lock"),
    path(f"{ON_BOARD}flytta/", board_choices.board_move, name="board_move"),
    path(f"{ON_BOARD}byt/", board_choices.board_swap, name="board_swap"),
    path(f"{ON_BOARD}dela/", board_choices.board_split, name="board_split"),
]
