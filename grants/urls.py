"""The pages of grants: one list per half of a grant's life."""

from grants.urls_activity import urlpatterns as activity_urls
from grants.urls_apply import urlpatterns as apply_urls
from grants.urls_decide import urlpatterns as decide_urls
from grants.urls_follow_up import urlpatterns as follow_up_urls
from grants.urls_open import urlpatterns as open_urls
from grants.urls_public import urlpatterns as public_urls
from grants.urls_schemes import urlpatterns as scheme_urls

app_name = "grants"
urlpatterns = [
    *activity_urls,
    *apply_urls,
    *decide_urls,
    *follow_up_urls,
    *public_urls,
    *scheme_urls,
    *open_urls,
]
