from pathlib import Path

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation.reloader import translation_file_changed

from config import messages


class HouseConfig(AppConfig):
    name = "config"
    verbose_name = "House"

    def ready(self) -> None:
        """Compiled catalogues are not committed: whoever starts first after a change makes them.

        The models have been read by now, and their constraints have asked for words: those that were loaded then are the old.
        """
        for path in messages.compile_stale(Path(settings.BASE_DIR)):
            translation_file_changed(None, path)
