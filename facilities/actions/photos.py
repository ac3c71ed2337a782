"""Photographs that people hand in, drawn again: upright, of a reasonable size, without where and with what they were taken."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from records.refusals import FileRefused

LONGEST = 1600  # pixels, of the longer side
MOST_PIXELS = 60_000_000  # what a large camera makes; more is refused before it is unpacked


def plain_photo(upload: Any) -> SimpleUploadedFile:
    """The photograph as a JPEG. FileRefused when it cannot be read as one. Memory: about four bytes a pixel."""
    try:
        with Image.open(upload) as image:
            if image.width * image.height > MOST_PIXELS:
                raise FileRefused(_("The picture has too many pixels. Make it smaller and choose it again."), "pixels")
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((LONGEST, LONGEST))
            drawn = BytesIO()
            _on_white(upright).save(drawn, "JPEG", quality=85, optimize=True)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as unreadable:
        raise FileRefused(_("The picture cannot be read. Save it as JPEG or PNG and choose it again."), "picture") from unreadable
    return SimpleUploadedFile("bild.jpg", drawn.getvalue(), content_type="image/jpeg")


def _on_white(image: Image.Image) -> Image.Image:
    """Without transparency, which a JPEG does not have."""
    if image.mode in ("RGBA", "LA", "P"):
        clear = image.convert("RGBA")
        white = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(white, clear).convert("RGB")
    return image.convert("RGB")
