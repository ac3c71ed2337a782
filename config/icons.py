"""The few signs of the house, drawn on a 24 grid in the colour of the text. They never stand without words."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_RING = '<circle cx="12" cy="12" r="8.5"/>'
SHAPES = {
    "check": '<circle cx="12" cy="12" r="10" class="full"/><path d="m7.5 12.4 3 3 6-6.4" class="on"/>',
    "info": '<rect x="3" y="3" width="18" height="18" rx="3" class="full"/><path d="M12 11v6M12 7v.4" class="on"/>',
    "warning": '<path d="M12 2.5 22.6 21H1.4z" class="full"/><path d="M12 9.5v5M12 17.6v.4" class="on"/>',
    "stop": '<path d="M8 2h8l6 6v8l-6 6H8l-6-6V8z" class="full"/><path d="m8.8 8.8 6.4 6.4m0-6.4-6.4 6.4" class="on"/>',
    "ring": _RING,
    "half": _RING + '<path d="M12 3.5a8.5 8.5 0 0 1 0 17z" class="full"/>',
    "clock": _RING + '<path d="M12 7v5.4l3.4 2"/>',
    "arrow": '<path d="M4 12h15m-6-6 6 6-6 6"/>',
    "back": '<path d="M20 12H5m6-6-6 6 6 6"/>',
    "down": '<path d="m5.5 9 6.5 6.5L18.5 9"/>',
    "menu": '<path d="M3.5 6.5h17M3.5 12h17M3.5 17.5h17"/>',
    "file": '<path d="M6 2.8h8l4.5 4.5v13.9H6z"/><path d="M13.6 3v4.6h4.7M9 12.5h6M9 16h6"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4 20.5c1-4 4-6 8-6s7 2 8 6"/>',
}

# tone -> Designsystemet's colour and the shape that says the same without colour
TONES = {
    "success": ("success", "check"),
    "info": ("info", "info"),
    "warning": ("warning", "warning"),
    "danger": ("danger", "stop"),
    "waiting": ("accent", "half"),
    "neutral": ("neutral", "ring"),
}


def icon(name: str) -> SafeString:
    """The sign as an inline drawing, hidden from screen readers: the word beside it says the same."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" '
        'stroke-linejoin="round" aria-hidden="true" focusable="false">{}</svg>',
        mark_safe(SHAPES[name]),  # noqa: S308 - our own drawings above
    )
