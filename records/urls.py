from django.urls import path

from records.views import files, letters, notices, register

app_name = "records"
urlpatterns = [
    path("arenden/", register.case_list, name="case_list"),
    path("arenden/diarium.csv", register.case_table, name="case_table"),
    path("arenden/<str:reference>/", register.case, name="case"),
    path("arenden/<str:reference>/avsluta/", register.case_close, name="case_close"),
    path("arenden/<str:reference>/ta-upp/", register.case_reopen, name="case_reopen"),
    path("arenden/<str:reference>/sekretess/", register.case_secrecy, name="case_secrecy"),
    path("utkorg/", letters.outbox, name="outbox"),
    path("utkorg/forsok-igen/", letters.outbox_retry, name="outbox_retry"),
    path("brev/<int:pk>/", letters.letter, name="letter"),
    path("brev/<int:pk>/pdf/", letters.letter_pdf, name="letter_pdf"),
    path("brev/<int:pk>/forsok-igen/", letters.letter_retry, name="letter_retry"),
    path("brev/<int:pk>/postat/", letters.letter_posted, name="letter_posted"),
    path("filer/<int:pk>/", files.file, name="file"),
    path("anslagstavla/", notices.notice_board, name="notice_board"),
    path("anslagstavla/nytt/", notices.notice_new, name="notice_new"),
    path("anslagstavla/<int:pk>/", notices.notice, name="notice"),
    path("anslagstavla/<int:pk>/ta-ned/", notices.notice_take_down, name="notice_take_down"),
]
