"""Read and check input; never save."""

from associations.forms.board import Board, SeatForm, seats_from, seats_of
from associations.forms.facts import AboutForm, ContactForm, KeptForm, RegisterForm
from associations.forms.members import MembersForm
from associations.forms.search import PublicFilter, RegisterFilter
from associations.forms.steps import (
    AccountForm,
    ChangeForm,
    DialogueForm,
    DispensationForm,
    DocumentForm,
    InviteForm,
    PersonForm,
    ReasonForm,
    ShownForm,
    UploadForm,
)

__all__ = [
    "AboutForm",
    "AccountForm",
    "Board",
    "ChangeForm",
    "ContactForm",
    "DialogueForm",
    "DispensationForm",
    "DocumentForm",
    "InviteForm",
    "KeptForm",
    "MembersForm",
    "PersonForm",
    "PublicFilter",
    "ReasonForm",
    "RegisterFilter",
    "RegisterForm",
    "SeatForm",
    "ShownForm",
    "UploadForm",
    "seats_from",
    "seats_of",
]
