"""Roles give Django permissions; nothing is stored twice."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from accounts.choices import PERMISSIONS


class RoleBackend(BaseBackend):
    """Answers has_perm from the roles a user holds today."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return bool(user_obj.is_active and user_obj.roles & PERMISSIONS.get(perm, frozenset()))
