"""Addresses of the association register. Numbers are associations unless the name says otherwise."""

from django.urls import path, register_converter

from associations.choices import YearStep
from associations.views import (
    attendance,
    attendance_files,
    groups,
    half_year,
    imports,
    mandates,
    own,
    papers,
    public,
    register,
    review,
    upkeep,
)

app_name = "associations"


class StepConverter:
    regex = "|".join(YearStep.values)

    def to_python(self, value: str) -> YearStep:
        return YearStep(value)

    def to_url(self, value: str) -> str:
        return str(value)


register_converter(StepConverter, "step")

urlpatterns = [
    path("", public.public_list, name="public_list"),
    path("<int:pk>/om/", public.public_detail, name="public_detail"),
    # the association's own
    path("min/", own.mine, name="mine"),
    path("anmal/", own.register, name="register"),
    path("<int:pk>/", own.home, name="home"),
    path("<int:pk>/krav/", own.requirements, name="requirements"),
    path("<int:pk>/arets-uppgifter/", own.yearly, name="yearly"),
    path("<int:pk>/arets-uppgifter/som-forra-aret/", own.year_carry_over, name="year_carry_over"),
    path("<int:pk>/arets-uppgifter/<step:step>/bekrafta/", own.step_confirm, name="step_confirm"),
    path("<int:pk>/bekrafta/<int:act_pk>/", own.joint_confirm, name="joint_confirm"),
    path("<int:pk>/kontakt/", upkeep.contact, name="contact"),
    path("<int:pk>/uppgifter/", upkeep.about, name="about"),
    path("<int:pk>/registeruppgifter/", upkeep.kept, name="kept"),
    path("<int:pk>/styrelse/", upkeep.board, name="board"),
    path("<int:pk>/medlemmar/<int:year>/", upkeep.members, name="members"),
    path("<int:pk>/registerutdrag/", upkeep.people, name="people"),
    path("<int:pk>/registerutdrag/<int:check_pk>/ta-bort/", upkeep.person_end, name="person_end"),
    path("<int:pk>/handlingar/", papers.documents, name="documents"),
    path("<int:pk>/handlingar/<slug:kind>/<int:year>/lamna-in/", papers.document_hand_in, name="document_hand_in"),
    path("<int:pk>/konto/", papers.account, name="account"),
    path("<int:pk>/behorigheter/", mandates.mandates, name="mandates"),
    path("<int:pk>/behorigheter/bjud-in/", mandates.mandate_invite, name="mandate_invite"),
    path("<int:pk>/behorigheter/<int:mandate_pk>/avsluta/", mandates.mandate_end, name="mandate_end"),
    path("<int:pk>/inbjudningar/<int:offer_pk>/ta-tillbaka/", mandates.offer_withdraw, name="offer_withdraw"),
    path("inbjudan/<str:token>/", mandates.mandate_accept, name="mandate_accept"),
    path("<int:pk>/status/<slug:to>/", register.status_change, name="status_change"),
    # attendance
    path("<int:pk>/narvaro/", attendance.attendance, name="attendance"),
    path("<int:pk>/narvaro/grupper/ny/", groups.group_new, name="group_new"),
    path("<int:pk>/narvaro/grupper/<int:group_pk>/", groups.group, name="group"),
    path("<int:pk>/narvaro/grupper/<int:group_pk>/andra/", groups.group_change, name="group_change"),
    path("<int:pk>/narvaro/grupper/<int:group_pk>/avsluta/", groups.group_close, name="group_close"),
    path("<int:pk>/narvaro/grupper/<int:group_pk>/kort/", attendance.card, name="card"),
    path("<int:pk>/narvaro/grupper/<int:group_pk>/personer/ny/", groups.person_new, name="person_new"),
    path("<int:pk>/narvaro/grupper/<int:group_pk>/personer/<int:place_pk>/", groups.person_change, name="person_change"),
    path("<int:pk>/narvaro/grupper/<int:group_pk>/personer/<int:place_pk>/ta-bort/", groups.person_leave, name="person_leave"),
    path("<int:pk>/narvaro/sammankomster/", attendance.session_list, name="session_list"),
    path("<int:pk>/narvaro/sammankomster/fil/<slug:suffix>/", attendance.session_export, name="session_export"),
    path("<int:pk>/narvaro/sammankomster/<int:session_pk>/", attendance.session_change, name="session_change"),
    path("<int:pk>/narvaro/fil/", attendance_files.attendance_file, name="attendance_file"),
    path("<int:pk>/narvaro/fil/mall/<slug:suffix>/", attendance_files.attendance_template, name="attendance_template"),
    path("<int:pk>/narvaro/fil/<int:import_pk>/", attendance_files.attendance_preview, name="attendance_preview"),
    path("<int:pk>/narvaro/fil/<int:import_pk>/slang/", attendance_files.attendance_discard, name="attendance_discard"),
    path("<int:pk>/narvaro/halvar/<int:year>/<int:number>/", half_year.half_year, name="half_year"),
    # the officers'
    path("registret/", register.association_list, name="association_list"),
    path("registret/fil/<slug:suffix>/", register.association_export, name="association_export"),
    path("registret/import/", imports.import_new, name="import_new"),
    path("registret/import/<int:pk>/", imports.import_preview, name="import_preview"),
    path("registret/import/<int:pk>/slang/", imports.import_discard, name="import_discard"),
    path("att-granska/", review.queues, name="queues"),
    path("<int:pk>/handlagg/", register.casework, name="casework"),
    path("<int:pk>/godkann/", register.approve, name="approve"),
    path("<int:pk>/avsla/", register.refuse_registration, name="refuse"),
    path("<int:pk>/dispens/", review.dispensation_grant, name="dispensation_grant"),
    path("handlingar/<int:pk>/granska/", review.document_review, name="document_review"),
    path("konton/<int:pk>/granska/", review.account_review, name="account_review"),
    path("registerutdrag/<int:pk>/visat/", review.person_shown, name="person_shown"),
    path("dialogmoten/", review.meeting_list, name="meeting_list"),
    path("dialogmoten/<int:pk>/", review.meeting, name="meeting"),
    path("dialogmoten/<int:pk>/<int:association_pk>/ratta/", review.attendance_correct, name="attendance_correct"),
]
