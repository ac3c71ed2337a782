from pathlib import Path

from django.apps import AppConfig
from django.conf import settings

from config import messages


class HouseConfig(AppConfig):
    name = "config"
    verbose_name = "House"

    def ready(self) -> None:
        """Compiled catalogues are not committed: whoever starts first after a change makes them."""
        messages.compile_stale(Path(settings.BASE_DIR))
