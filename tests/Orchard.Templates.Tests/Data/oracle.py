"""Renders templates with Python's jinja2, set up as Hugging Face sets it up for chat templates.

One request a line on standard input, one answer a line on standard output, both JSON:
  {"now": "2024-07-26T09:05:03", "renders": [{"template": "...", "inputs": [{...}, ...]}, ...]}
  {"renders": [[{"text": "..."} or {"error": "..."}, ...], ...]}
"""

import datetime
import json
import sys

import jinja2
import jinja2.ext
import jinja2.nodes
import jinja2.sandbox


class GenerationTag(jinja2.ext.Extension):
    """{% generation %}: marks what the model wrote, and prints it as it is."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("_keep"), [], [], body).set_lineno(line)

    def _keep(self, caller):
        return caller()


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


def to_json(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def new_environment(now):
    environment = jinja2.sandbox.ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[GenerationTag, jinja2.ext.loopcontrols]
    )
    environment.filters["tojson"] = to_json
    environment.globals["raise_exception"] = raise_exception
    environment.globals["strftime_now"] = now.strftime
    return environment


def render(environment, source, inputs):
    try:
        template = environment.from_string(source)
    except Exception as error:  # whatever it is, it is a refusal
        return [{"error": f"{type(error).__name__}: {error}"}] * len(inputs)

    results = []
    for variables in inputs:
        try:
            results.append({"text": template.render(**variables)})
        except Exception as error:
            results.append({"error": f"{type(error).__name__}: {error}"})
    return results


def main():
    print(json.dumps({"jinja2": jinja2.__version__}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        environment = new_environment(datetime.datetime.fromisoformat(request["now"]))
        renders = [render(environment, item["template"], item["inputs"]) for item in request["renders"]]
        print(json.dumps({"renders": renders}), flush=True)


main()
