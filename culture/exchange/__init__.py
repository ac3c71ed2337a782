"""Files into the room: what they would change, looked at first. Of a file that names pupils only counts come out."""
