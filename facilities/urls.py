"""The pages of venues: finding and booking, keeping, billing, seasons."""

from facilities.urls_bill import urlpatterns as bill_urls
from facilities.urls_book import urlpatterns as book_urls
from facilities.urls_keep import urlpatterns as keep_urls
from facilities.urls_principles import urlpatterns as principles_urls
from facilities.urls_season import urlpatterns as season_urls

app_name = "facilities"
urlpatterns = [
    *keep_urls,
    *bill_urls,
    *season_urls,
    *principles_urls,
    *book_urls,
]
