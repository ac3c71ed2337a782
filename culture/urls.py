"""The pages of the culture guarantee: one list per actor."""

from culture.urls_plan import urlpatterns as plan_urls
from culture.urls_programme import urlpatterns as programme_urls
from culture.urls_report import urlpatterns as report_urls
from culture.urls_school import urlpatterns as school_urls

app_name = "culture"
urlpatterns = [
    *plan_urls,
    *programme_urls,
    *report_urls,
    *school_urls,
]
