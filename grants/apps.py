from django.apps import AppConfig


class GrantsConfig(AppConfig):
    name = "grants"
    verbose_name = "Grants"

    def ready(self) -> None:
        # Models are loaded only now, so what uses them is imported here.
        from grants import hooks, hooks_decide  # noqa: PLC0415 - see above

        hooks.register()
        hooks_decide.register()
