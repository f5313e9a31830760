"""Renders one template with Python's jinja2, set up as for chat templates, and measures itself.

Standard input: {"template": "...", "variables": {...}, "seconds": 1.0}. Standard output: {"text": "...", "microseconds": median}.
"""

import json
import statistics
import sys
import time

import jinja2
import jinja2.ext
import jinja2.sandbox


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


def main():
    request = json.load(sys.stdin)
    environment = jinja2.sandbox.ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[jinja2.ext.loopcontrols])
    environment.filters["tojson"] = lambda value, **options: json.dumps(value, ensure_ascii=False, **options)
    environment.globals["raise_exception"] = raise_exception
    template = environment.from_string(request["template"])
    variables = request["variables"]
    text = template.render(**variables)
    times = []
    end = time.perf_counter() + request["seconds"]
    while time.perf_counter() < end or len(times) < 20:
        start = time.perf_counter()
        template.render(**variables)
        times.append(time.perf_counter() - start)

    print(json.dumps({"text": text, "microseconds": statistics.median(times) * 1e6, "jinja2": jinja2.__version__}))


main()
