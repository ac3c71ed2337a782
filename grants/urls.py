"""The pages of grants: one list per half of a grant's life."""

from grants.urls_apply import urlpatterns as apply_urls

app_name = "grants"
urlpatterns = [
    *apply_urls,
]
