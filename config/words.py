"""Words of Django and django-allauth that we say our own way, listed so that manage.py messages finds them. Ours win."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

LABELS = [
    _("Email"),
    _("Email address"),
    _("Remember Me"),
    _("Forgot your password?"),
    _("Current Password"),
    _("New Password"),
    _("New Password (again)"),
    _("Password (again)"),
    _("Code"),
    _("Authenticator code"),
    _("Passwordless"),
    _(
        "Enabling passwordless operation allows you to sign in using just this key, "
        "but imposes additional requirements such as biometrics or PIN protection."
    ),
    _("Use your password"),
    _("Use authenticator app or code"),
    _("Use a security key"),
    _("Master key"),
    _("Backup key"),
    _("Key nr. {number}"),
]
ANSWERS = [
    _("The email address and/or password you specified are not correct."),
    _("A user is already registered with this email address."),
    _("This email address is already associated with this account."),
    _("This account is currently inactive."),
    _("You cannot remove your primary email address."),
    _("Please type your current password."),
    _("Incorrect code."),
    _("Incorrect password."),
    _("Invalid or expired key."),
    _("The password reset token was invalid."),
    _("You cannot add more than %d email addresses."),
    _("Too many failed login attempts. Try again later."),
    _("The email address is not assigned to any user account."),
    _("Your primary email address must be verified."),
    _("You must type the same password each time."),
    _("The new value must be different from the current one."),
    _("Be patient, you are sending too many requests."),
    _("You cannot add an email address to an account protected by two-factor authentication."),
    _("You cannot deactivate two-factor authentication."),
    _("You cannot generate recovery codes without having two-factor authentication enabled."),
    _("You cannot activate two-factor authentication until you have verified your email address."),
    _("This field is required."),
    _("Enter a valid email address."),
]
PASSWORDS = [
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
        "min_length",
    ),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
        0,
    ),
    _("Your password can’t be too similar to your other personal information."),
    _("Your password can’t be a commonly used password."),
    _("The password is too similar to the %(verbose_name)s."),
    _("This password is too common."),
]
