"""Validates JSON texts with jsonschema. Reads lines of {"schema": ..., "texts": [...]}; writes for each a line with a list of problems."""
import decimal
import json
import sys

from jsonschema import Draft202012Validator, FormatChecker


def unique(pairs):
    keys = [key for key, _ in pairs]
    if len(keys) != len(set(keys)):
        raise ValueError("duplicate key")
    return dict(pairs)


# The package checks "time" by an older draft, which has no offset.
formats = FormatChecker(formats=[name for name in FormatChecker.checkers if name not in ("time", "color")])
# Multiples of a decimal fraction are exact in the standard, but not in binary.
decimal.getcontext().prec = 700
print("ready", flush=True)
for line in sys.stdin:
    request = json.loads(line, parse_float=decimal.Decimal)
    validator = Draft202012Validator(request["schema"], format_checker=formats)
    problems = []
    for text in request["texts"]:
        try:
            value = json.loads(text, object_pairs_hook=unique, parse_float=decimal.Decimal)
            text.encode("utf-8")
            error = next(validator.iter_errors(value), None)
            if error is not None:
                problems.append(f"{text}: {error.message[:300]}")
        except Exception as error:  # any error means that the text could not be validated
            problems.append(f"{text}: {error}")
    print(json.dumps(problems), flush=True)
