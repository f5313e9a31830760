"""Holds JSON texts against JSON Schemas with jsonschema: the outside oracle. A line in: {"schema": …, "texts": [...]}; a line out: a list of problems."""
import json
import sys

from jsonschema import Draft202012Validator, FormatChecker


def unique(pairs):
    keys = [key for key, _ in pairs]
    if len(keys) != len(set(keys)):
        raise ValueError("a key comes twice")
    return dict(pairs)


# Its "time" is that of an older draft, which has no offset.
formats = FormatChecker(formats=[name for name in FormatChecker.checkers if name not in ("time", "color")])
print("ready", flush=True)
for line in sys.stdin:
    request = json.loads(line)
    validator = Draft202012Validator(request["schema"], format_checker=formats)
    problems = []
    for text in request["texts"]:
        try:
            value = json.loads(text, object_pairs_hook=unique)
            text.encode("utf-8")
            error = next(validator.iter_errors(value), None)
            if error is not None:
                problems.append(f"{text}: {error.message[:300]}")
        except Exception as error:  # whatever it is, it is no word that the text is valid
            problems.append(f"{text}: {error}")
    print(json.dumps(problems), flush=True)
