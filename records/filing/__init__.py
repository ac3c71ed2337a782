"""The only way for other rooms to write to the register."""

from records.filing.cases import close_case, lift_secrecy, mark_secret, note, open_case, reopen_case
from records.filing.documents import dispose_files, file_in, keep_file, store_file
from records.filing.letters import Draft, discard_letter, post_letter, post_letters, release_letters
from records.filing.notices import post_notice, take_down
from records.filing.numbers import next_number
from records.refusals import FileRefused, NotAllowedNow

__all__ = [
    "Draft",
    "FileRefused",
    "NotAllowedNow",
    "close_case",
    "discard_letter",
    "dispose_files",
    "file_in",
    "keep_file",
    "lift_secrecy",
    "mark_secret",
    "next_number",
    "note",
    "open_case",
    "post_letter",
    "post_letters",
    "post_notice",
    "release_letters",
    "reopen_case",
    "store_file",
    "take_down",
]
