from django.urls import path

from accounts.views import invitations, kept, own, people

app_name = "accounts"
urlpatterns = [
    path("", own.profile, name="profile"),
    path("mina-uppgifter.json", own.own_data_download, name="own_data"),
    path("radera/", own.erasure, name="erasure"),
    path("tva-steg/", own.second_factor_set_up, name="second_factor"),
    path("byt/", own.hat_switch, name="hat_switch"),
    path("sparad-text/slang/", kept.kept_text_drop, name="kept_text_drop"),
    path("inbjudan/<str:token>/", invitations.invitation, name="invitation"),
    path("inbjudningar/", invitations.invitation_list, name="invitation_list"),
    path("inbjudningar/ny/", invitations.invitation_new, name="invitation_new"),
    path("inbjudningar/<int:pk>/dra-tillbaka/", invitations.invitation_withdraw, name="invitation_withdraw"),
    path("personer/", people.people, name="people"),
    path("personer/<int:pk>/", people.person, name="person"),
    path("personer/<int:pk>/ge-roll/", people.role_give, name="role_give"),
    path("personer/<int:pk>/ta-bort-tva-steg/", people.second_factor_reset, name="second_factor_reset"),
    path("personer/<int:pk>/radera/", people.person_erase, name="person_erase"),
    path("roller/<int:pk>/avsluta/", people.role_end, name="role_end"),
    path("roller/<int:pk>/beloppsgrans/", people.limit_change, name="limit_change"),
]
