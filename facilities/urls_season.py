"""A season's round: wishes of associations, and the officers who prepare and follow it."""

from django.urls import URLPattern, path

from facilities.views import (
    board,
    board_choices,
    board_tries,
    comments,
    decision,
    follow,
    follow_desk,
    proposal_compare,
    proposals,
    result,
    result_desk,
    result_fairness,
    season,
    season_desk,
    season_work,
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
    # During the season
    path("sasongstider/", follow.season_times, name="season_times"),
    path("sasong/<int:pk>/tider/", follow.season_own_times, name="season_own_times"),
    path("sasongstider/<int:pk>/", follow.season_time, name="season_time"),
    path("sasongstider/<int:pk>/aterlamna/", follow.season_time_release, name="season_time_release"),
    path("sasongstider/<int:pk>/avsluta/", follow.season_time_end, name="season_time_end"),
    path("sasongstider/<int:pk>/block/", follow.season_block, name="season_block"),
    path("sasongstider/erbjudande/<int:pk>/", follow.season_offer, name="season_offer"),
    path("sasongstider/besked/<int:pk>/", follow.season_notice, name="season_notice"),
    path("bokningar/<int:pk>/incheckning/", follow.booking_check_in, name="booking_check_in"),
    path("skrivbord/sasong/<int:pk>/anvandning/", follow_desk.kept_season_use, name="kept_season_use"),
    path("skrivbord/sasong/tider/<int:pk>/besked/", follow_desk.kept_notice_new, name="kept_notice_new"),
    path("skrivbord/sasong/besked/<int:pk>/", follow_desk.kept_notice, name="kept_notice"),
]

urlpatterns += [  # what a season gives, and comments on it
    path("sasong/<int:pk>/resultat/", result.result, name="result"),
    path("sasong/<int:pk>/resultat/lokal/<int:hall>/", result.result_hall, name="result_hall"),
    path("sasong/<int:pk>/resultat/forening/<int:association>/", result.result_association, name="result_association"),
    path("sasong/<int:pk>/resultat/grupp/<int:section>/", result.result_why, name="result_why"),
    path("sasong/<int:pk>/resultat/regler/", result.result_rules, name="result_rules"),
    path("sasong/<int:pk>/resultat/rattvisa/", result_fairness.result_fairness, name="result_fairness"),
    path("sasong/<int:pk>/resultat/rattvisa.<str:kind>", result_fairness.result_fairness_table, name="result_fairness_table"),
    path("sasong/<int:pk>/sa-blev-det/", result.result_ours, name="result_ours"),
    path("sasong/<int:pk>/synpunkt/", comments.comment_new, name="comment_new"),
    path("sasong/synpunkter/<int:pk>/andra/", comments.comment_edit, name="comment_edit"),
    path("sasong/synpunkter/<int:pk>/dra-tillbaka/", comments.comment_withdraw, name="comment_withdraw"),
    path("skrivbord/sasong/forslag/<int:pk>/visa/", result_desk.proposal_show, name="proposal_show"),
    path("skrivbord/sasong/<int:pk>/dra-tillbaka/", result_desk.proposal_take_back, name="proposal_take_back"),
    path("skrivbord/sasong/<int:pk>/synpunkter/", result_desk.kept_comments, name="kept_comments"),
    path("skrivbord/sasong/synpunkter/<int:pk>/", result_desk.kept_comment, name="kept_comment"),
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

urlpatterns += [  # the decision and what came of it
    path("skrivbord/sasong/<int:pk>/besluta/", decision.season_decide, name="season_decide"),
    path("skrivbord/sasong/<int:pk>/beslut/", decision.season_decision, name="season_decision"),
    path("skrivbord/sasong/<int:pk>/beslut/upphav/", decision.season_undo, name="season_undo"),
    path("skrivbord/sasong/beslutas/<int:pk>/", season_work.season_work, name="season_work"),
    path("skrivbord/sasong/beslutas/<int:pk>/igen/", season_work.season_work_again, name="season_work_again"),
    path("skrivbord/sasong/beslutas/<int:pk>/avbryt/", season_work.season_work_call_off, name="season_work_call_off"),
    path("skrivbord/sasong/tider/<int:pk>/", decision.kept_season_time, name="kept_season_time"),
]
