"""Schemes as data: the calculation and the form of a version, tried, compared, published, taken out and read in."""

from django.urls import path

from grants.views import calculation, form_builder, versions

urlpatterns = [
    path("bidragsformer/las-in/", versions.scheme_import, name="scheme_import"),
    path("bidragsformer/<int:pk>/utrakning/", calculation.calculation, name="calculation"),
    path("bidragsformer/<int:pk>/utrakning/ny/", calculation.part_add, name="part_add"),
    path("bidragsformer/<int:pk>/utrakning/<int:place>/", calculation.part_change, name="part_change"),
    path("bidragsformer/<int:pk>/formular/", form_builder.form_builder, name="form_builder"),
    path("bidragsformer/<int:pk>/formular/visa/", form_builder.form_preview, name="form_preview"),
    path("bidragsformer/<int:pk>/formular/kopiera/", form_builder.form_copy, name="form_copy"),
    path("bidragsformer/<int:pk>/formular/del/ny/", form_builder.section_edit, name="section_add"),
    path("bidragsformer/<int:pk>/formular/del/<slug:key>/", form_builder.section_edit, name="section_edit"),
    path("bidragsformer/<int:pk>/formular/del/<slug:section>/ny-fraga/", form_builder.question_add, name="question_add"),
    path("bidragsformer/<int:pk>/formular/fraga/<slug:key>/", form_builder.question_edit, name="question_edit"),
    path("bidragsformer/<int:pk>/prova/", versions.version_try, name="version_try"),
    path("bidragsformer/<int:pk>/jamfor/", versions.version_compare, name="version_compare"),
    path("bidragsformer/<int:pk>/publicera/", versions.version_publish, name="version_publish"),
    path("bidragsformer/<int:pk>/fil/", versions.scheme_export, name="scheme_export"),
    path("omgangar/<int:pk>/rattat-formular/", versions.call_mend, name="call_mend"),
    path("omgangar/<int:pk>/pott/", versions.call_pot, name="call_pot"),
    path("ansokningar/<int:pk>/rattat-formular/", versions.draft_move, name="draft_move"),
]
