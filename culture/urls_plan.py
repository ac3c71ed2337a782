"""The culture officer's desk, and how the guarantee stands for everybody."""

from django.urls import URLPattern, path

from culture.views import answers, desk, plan_edits, plan_tables, plans, public, risk

urlpatterns: list[URLPattern] = [
    path("", public.public, name="public"),
    path("skrivbord/", desk.desk, name="desk"),
    path("skrivbord/skolor/<int:pk>/", desk.desk_school, name="desk_school"),
    path("skrivbord/klasser/<int:pk>/", desk.desk_class, name="desk_class"),
    path("plan/", plans.plan_list, name="plan_list"),
    path("plan/jamfor/", plan_tables.plan_compare, name="plan_compare"),
    path("plan/svar/", answers.answers, name="answers"),
    path("plan/svar/<int:pk>/", answers.answer_handle, name="answer_handle"),
    path("plan/vantelista/", answers.waiting, name="waiting"),
    path("plan/i-riskzonen/", risk.at_risk, name="at_risk"),
    path("plan/<int:first>/foresla/", plans.plan_ask, name="plan_ask"),
    path("plan/forslag/<int:pk>/", plans.plan, name="plan"),
    path("plan/forslag/<int:pk>/klasser/", plan_tables.plan_classes, name="plan_classes"),
    path("plan/forslag/<int:pk>/forestallningar/", plan_tables.plan_shows, name="plan_shows"),
    path("plan/forslag/<int:pk>/plan.<str:kind>", plan_tables.plan_table, name="plan_table"),
    path("plan/forslag/<int:pk>/klasser/<int:group>/", plan_edits.plan_class, name="plan_class"),
    path("plan/forslag/<int:pk>/klasser/<int:group>/andra/", plan_edits.plan_edit, name="plan_edit"),
    path("plan/forslag/<int:pk>/klasser/<int:group>/tillat/", plan_edits.plan_allow, name="plan_allow"),
    path("plan/forslag/<int:pk>/andringar/<int:edit>/ta-tillbaka/", plan_edits.plan_edit_back, name="plan_edit_back"),
    path("plan/forslag/<int:pk>/publicera/", plans.plan_publish, name="plan_publish"),
    path("plan/forslag/<int:pk>/slang/", plans.plan_drop, name="plan_drop"),
]
