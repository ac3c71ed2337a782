from collections.abc import Callable

from celery import current_app
from django.apps import AppConfig

from records import registry


class RecordsConfig(AppConfig):
    name = "records"
    verbose_name = "Records"

    def ready(self) -> None:
        """After commit the worker is asked by the name of its task: whoever writes letters need not import the worker."""
        registry.after_posting.append(ask("records.deliver"))
        registry.after_storing.append(ask("records.scan"))


def ask(task: str) -> Callable[[int], object]:
    """A function that sends one key to the worker, without trying twice: a broker that is down must not hold up a person."""
    return lambda key: current_app.send_task(task, args=[key], retry=False, ignore_result=True)
