"""A small reader of JSON Schema: as much of it as 360Giving's schemas use. Says what is wrong, with the path."""

import json
import re
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

HERE = Path(__file__).resolve()
PLACES = [parent / "shared" / "data" / "360giving" for parent in HERE.parents]
FOLDER = next((place for place in PLACES if place.is_dir()), None)
TYPES = {"string": str, "object": dict, "array": list, "number": (int, float), "null": type(None)}


def package_schemas():
    """The package schema and the grant schema, which it names by an older address."""
    grant = json.loads((FOLDER / "360-giving-schema.json").read_text(encoding="utf-8"))
    package = json.loads((FOLDER / "360-giving-package-schema.json").read_text(encoding="utf-8"))
    return package, grant


def faults(value, schema, root, path="$"):
    """What is wrong with a value, as sentences; [] when it follows the schema. root: what addresses in it mean."""
    if "$ref" in schema:
        schema, root = _meant(schema["$ref"], root)
    found = []
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(isinstance(value, TYPES[kind]) for kind in kinds):
        return [f"{path}: {value!r} is not {kinds}"]
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{path}: {value!r} is not one of the list")
    found += [f"{path}: {key} is missing" for key in schema.get("required", ()) if key not in value]
    if isinstance(value, str):
        found += _text_faults(value, schema, path)
    if "oneOf" in schema and sum(not faults(value, each, root, path) for each in schema["oneOf"]) != 1:
        found.append(f"{path}: follows none, or more than one, of the alternatives")
    return found + _inner_faults(value, schema, root, path)


def _inner_faults(value, schema, root, path):
    found = []
    if isinstance(value, dict):
        known = schema.get("properties", {})
        found += [f"{path}.{key}: unknown to the schema" for key in value if known and key not in known]
        for key in set(known) & set(value):
            found += faults(value[key], known[key], root, f"{path}.{key}")
    if isinstance(value, list):
        found += [f"{path}: too few"] if len(value) < schema.get("minItems", 0) else []
        for place, inner in enumerate(value):
            found += faults(inner, schema.get("items", {}), root, f"{path}[{place}]")
    return found


def _meant(address, root):
    if not address.startswith("#/"):
        return root["grant"], root
    inner = root["grant"]
    for step in address[2:].split("/"):
        inner = inner[step]
    return inner, root


def _text_faults(text, schema, path):
    found = []
    if "pattern" in schema and not re.search(schema["pattern"], text):
        found.append(f"{path}: {text!r} is not {schema['pattern']}")
    if schema.get("format") == "date-time":
        try:
            aware = datetime.fromisoformat(text).tzinfo is not None and "T" in text
        except ValueError:
            aware = False
        found += [] if aware else [f"{path}: {text!r} is no instant"]
    if schema.get("format") == "uri" and not (urlsplit(text).scheme and urlsplit(text).netloc):
        found.append(f"{path}: {text!r} is no address")
    return found
