using System.Text;

namespace Orchard.Templates.Tests;

/// <summary>Generates random templates that mostly render, and random variables for them. Deterministic for a seed.</summary>
internal sealed class ProgramGenerator(int seed)
{
    private static readonly string[] Words =
        ["", "a", "user", "Hello", "x y", " pad ", "<|im_end|>", "ünï", "日本", "😀 ok", "line\\nbreak", "\\ttab", "it\\'s", "A-b", "12", "3.5", "ß", "{}", "%s"];

    private static readonly string[] Names = ["s", "t", "n", "m", "f", "flag", "nothing", "items", "texts", "d", "messages", "missing", "v1", "v2", "ns"];

    private readonly Random _random = new(seed);
    private readonly List<string> _macros = [];
    private int _loops;
    private int _functions;

    public string NextTemplate()
    {
        var text = new StringBuilder("{% set ns = namespace(count=0, text='') %}");
        int statements = 1 + _random.Next(6);
        for (int i = 0; i < statements; i++)
        {
            text.Append(Statement(3));
        }

        return text.ToString();
    }

    public string NextVariables() => $$"""
        {
          "s": {{JsonText()}}, "t": {{JsonText()}}, "n": {{_random.Next(-3, 12)}}, "m": {{_random.Next(0, 5)}},
          "f": {{Pick("0.5", "2.0", "-1.25", "1e17", "3.14159", "0.1", "1e-7", "123456789.125")}}, "flag": {{Pick("true", "false")}}, "nothing": null,
          "items": [{{string.Join(", ", Enumerable.Range(0, _random.Next(6)).Select(_ => _random.Next(-5, 20)))}}],
          "texts": [{{string.Join(", ", Enumerable.Range(0, _random.Next(5)).Select(_ => JsonText()))}}],
          "d": { "b": {{_random.Next(9)}}, "a": {{JsonText()}}, "C": null, "list": [1, "two", 3.5], "inner": { "k": {{JsonText()}}, "z": [true, {}] } },
          "messages": [{{string.Join(", ", Enumerable.Range(0, 1 + _random.Next(4)).Select(_ => Message()))}}]
        }
        """;

    private string Message() => Pick(
        $$"""{ "role": "user", "content": {{JsonText()}} }""",
        $$"""{ "role": "assistant", "content": {{JsonText()}}, "n": {{_random.Next(4)}} }""",
        $$"""{ "role": "system", "content": {{JsonText()}} }""",
        $$"""{ "role": "tool", "content": [{ "type": "text", "text": {{JsonText()}} }], "name": "t{{_random.Next(3)}}" }""",
        $$$"""{ "role": "assistant", "content": null, "tool_calls": [{ "function": { "name": "f", "arguments": { "x": {{{_random.Next(9)}}}, "y": {{{JsonText()}}} } } }] }""");

    private string JsonText() => $"\"{Pick(Words).Replace("\\'", "'", StringComparison.Ordinal)}\"";

    private string Statement(int depth)
    {
        switch (_random.Next(depth > 0 ? 20 : 7))
        {
            case 0 or 1:
                return Pick("text", "\n", "  ", "\n  ", "a\n\n", " x ", "<|x|>", "\t", "{ # }", "%}", "}}", "\r\n ");
            case 2 or 3 or 4:
                return $"{Open("{{")} {Expression(3)} {Close("}}")}";
            case 5:
                return Tag($"set {Pick("v1", "v2", "s", "n")} = {Expression(2)}");
            case 6:
                return Pick(
                    $"{Open("{#")} note {Close("#}")}",
                    Tag($"set ns.{Pick("count", "text", "more")} = {Expression(2)}"),
                    Tag($"set v1, v2 = {Expression(1)}, {Expression(1)}"));
            case 7 or 8 or 9:
                return If(depth);
            case 10 or 11 or 12:
                return For(depth);
            case 13:
                return Tag($"set {Pick("v1", "v2")}{Pick("", "", " | upper", " | trim")}") + Body(depth - 1) + Tag("endset");
            case 14:
                return Tag($"filter {Pick("upper", "trim", "replace('a', 'b')", "indent(2)")}") + Body(depth - 1) + Tag("endfilter");
            case 15:
                return Tag($"with v1 = {Expression(1)}{Pick("", ", v2 = " + Expression(1))}") + Body(depth - 1) + Tag("endwith");
            case 16:
                return Tag("generation") + InFunction(() => Body(depth - 1)) + Tag("endgeneration");
            case 17:
                return Macro(depth);
            case 18 when _macros.Count > 0:
                return Tag($"call {Pick([.. _macros])}({Expression(1)})") + InFunction(() => Body(depth - 1)) + Tag("endcall");
            case 19 when _loops > 0 && _functions == 0:
                return Tag($"if {Expression(1)}") + Tag(Pick("break", "continue")) + Tag("endif");
            default:
                return "{% raw %}" + Pick("{{ x }}", " {% if %}\n", "  {#") + Tag("endraw");
        }
    }

    private string Body(int depth)
    {
        var text = new StringBuilder();
        int count = _random.Next(4);
        for (int i = 0; i < count; i++)
        {
            text.Append(Statement(depth));
        }

        return text.ToString();
    }

    private string If(int depth)
    {
        var text = new StringBuilder(Tag($"if {Expression(2)}"));
        text.Append(Body(depth - 1));
        while (_random.Next(3) == 0)
        {
            text.Append(Tag($"elif {Expression(2)}")).Append(Body(depth - 1));
        }

        if (_random.Next(2) == 0)
        {
            text.Append(Tag("else")).Append(Body(depth - 1));
        }

        return text.Append(Tag("endif")).ToString();
    }

    private string For(int depth)
    {
        string head = Pick(
            $"for x in {Sequence()}",
            $"for x in {Sequence()}",
            $"for message in messages",
            $"for message in messages{Pick("", "[1:]", "[::-1]")} if message.role {Pick("==", "!=")} 'user'",
            $"for x in {Sequence()} if {Pick("x", "x is string", "x is defined", "loop is defined", "not x")}",
            "for k, v in d.items()",
            "for k, v in d | dictsort",
            "for k, v in d | items",
            $"for x in range({_random.Next(5)})",
            "for x, y in [[1, 2], 'ab', (3, 4)]");
        var text = new StringBuilder(Tag(head));
        _loops++;
        if (_random.Next(2) == 0)
        {
            text.Append("{{ loop." + Pick("index", "index0", "first", "last", "length", "revindex", "revindex0", "previtem", "nextitem", "depth", "depth0") + " }}");
        }

        if (_random.Next(2) == 0)
        {
            text.Append("{{ " + Pick("x", "k", "v", "message.content", "message['role']", "loop.cycle('a', 'b')", "loop.changed(x)", "v1", "ns.count") + " }}");
        }

        if (_random.Next(3) == 0)
        {
            text.Append(Tag("set ns.count = ns.count + 1"));
        }

        text.Append(Body(depth - 1));
        _loops--;
        if (_random.Next(4) == 0)
        {
            text.Append(Tag("else")).Append(Body(depth - 1));
        }

        return text.Append(Tag("endfor")).ToString();
    }

    private string Macro(int depth)
    {
        string name = Pick("m1", "m2");
        string signature = Pick("a", "a, b=1", "a='q', b=a", "a, b=none");
        string head = Tag($"macro {name}({signature})");
        string body = InFunction(() => "{{ a }}" + Pick("", "{{ b }}", "{{ v1 }}", "{{ varargs }}", "{{ kwargs }}", "{{ caller() if caller is defined }}") + Body(depth - 1));
        _macros.Add(name);
        return head + body + Tag("endmacro") + Pick("", "{{ " + name + "(" + Expression(1) + ") }}", "{{ " + name + "(a=" + Expression(1) + ", b=2) }}");
    }

    private string InFunction(Func<string> write)
    {
        _functions++;
        string text = write();
        _functions--;
        return text;
    }

    private string Sequence() => Pick(
        "items", "texts", "items | sort", "texts | sort", "texts | unique", "items | reverse", "d", "d.keys()", "d.values()", "s", "[1, 'a', none]", "items | select",
        "items | reject('odd')", "texts | map('upper')", "texts | map('length')", "messages | map(attribute='role')", "(1, 2, 3)", "items[1:3]", "texts | batch(2)",
        "missing", "s.split()", "items | slice(2)");

    private string Expression(int depth)
    {
        if (depth <= 0)
        {
            return Atom();
        }

        switch (_random.Next(22))
        {
            case 0:
                return Pick(
                    $"{Number()} {Pick("+", "-", "*", "//", "%", "/")} {Number()}", $"{Text()} + {Text()}", $"{Text()} * m", $"{List()} + {List()}",
                    $"{Expression(depth - 1)} ~ {Expression(depth - 1)}", Wild($"{Atom()} {Pick("+", "-", "*")} {Atom()}"));
            case 1:
                string order = Pick("==", "!=", "<", "<=", ">", ">=");
                return Pick($"{Number()} {order} {Number()}", $"{Text()} {order} {Text()}", $"{Atom()} {Pick("==", "!=")} {Expression(depth - 1)}",
                    Wild($"{Atom()} {order} {Atom()}"));
            case 2:
                return $"{Expression(depth - 1)} {Pick("and", "or")} {Expression(depth - 1)}";
            case 3:
                return $"not {Expression(depth - 1)}";
            case 4:
                return $"({Expression(depth - 1)})";
            case 5:
                return $"{Expression(depth - 1)} if {Expression(depth - 1)} else {Expression(depth - 1)}";
            case 6:
                return $"({Expression(depth - 1)} if {Expression(depth - 1)})";
            case 7:
                return $"{Text()} {Pick("in", "not in")} {Pick("items", "texts", "s", "d", "[1, 'a']", "'abc'")}";
            case 8 or 9 or 10:
                return Pick($"({Expression(depth - 1)}) | {AnyFilter()}", $"{Text()} | {TextFilter()}", $"{List()} | {ListFilter()}",
                    $"{Number()} | {NumberFilter()}", $"messages | {MessagesFilter()}", "d | dictsort", "d | items | list",
                    Wild($"{Atom()} | {Pick(TextFilter(), ListFilter(), NumberFilter(), MessagesFilter(), "nofilter", "dictsort")}"));
            case 11 or 12:
                return Pick($"{Atom()} is {Pick("", "not ")}{AnyTest()}", $"{Number()} is {Pick("", "not ")}{NumberTest()}", Wild($"{Atom()} is {Pick(NumberTest(), "notest")}"));
            case 13 or 14 or 15:
                return $"{Pick("s", "t", $"'{Pick(Words)}'")}.{TextMethod()}";
            case 16:
                return $"{Pick("items", "texts", "s", "messages", "t")}[{Slice()}]";
            case 17:
                return Pick("d.b", "d['a']", "d.inner.k", "d['inner']['z'][0]", "messages[0].role", "messages[-1]['content']", "messages[0].n", "d.get('a')",
                    "d.get('zz', 5)", "d.missing", "texts[0]", "items[-1]", "items[99]", "s[0]", "messages[0].tool_calls[0].function.name", "d.list[1]", "d.list.0", "d.items()", "d.keys() | list");
            case 18:
                return Pick($"[{Expression(depth - 1)}, {Atom()}]", $"{{'k': {Expression(depth - 1)}, {Atom()}: 1}}", $"({Expression(depth - 1)}, {Atom()})", "[]", "{}", "()");
            case 19:
                return $"'%s and {Pick("%d", "%5.2f", "%r", "%x", "%-4s|", "%05d", "%e", "%g")}' % ({Atom()}, {Pick("n", "m", "f", "3", Wild("s"))})";
            case 20:
                return $"'{Pick("{} {}", "{0}-{1}", "{1:>5}{0}", "{a:<4}|{0}", "{!r:^9} {}", "{:5}|{}", "{:.2}{}")}'.format({Text()}, {Pick("n", "s", "f")}, a={Text()})";
            default:
                return Atom();
        }
    }

    private string Atom() => _random.Next(7) switch
    {
        0 => Pick("0", "1", "2", "-1", "7", "10", "2.5", "0.1", "1e3", "100", "1_000", "0x1F"),
        1 or 2 => $"{Pick("'", "'")}{Pick(Words)}'",
        3 => Pick("true", "false", "none", "True", "None"),
        _ => Pick(Names),
    };

    private string Slice() => Pick("1:", ":2", "::-1", "1:3", "-2:", ":-1", "0", "-1", "::2", "n:", ":m", "5:1:-2", "m");

    private string Text() => Pick("s", "t", $"'{Pick(Words)}'", "d.a", "messages[0].role");

    private string Number() => Pick("n", "m", "f", "1", "7", "2.5", "(n + 1)", "items | length", "0.1", "-1", "d.b");

    private string List() => Pick("items", "texts", "[1, 2]", "['b', 'a', 'B']", "[]", "d.list", "(texts | list)");

    private string AnyFilter() => Pick(
        "upper", "lower", "trim", "string", "default('dd')", "default('dd', true)", "capitalize", "title", "replace('a', 'bb')", "wordcount", "escape", "safe",
        "e ~ '<'", "d('x')", "center(9)", "upper | lower | title", "list is string", "string | length");

    private string TextFilter() => Pick(
        "length", "first", "last", "list", "int", "float", "tojson", "tojson(ensure_ascii=true)", "replace('', '-')", "reverse", "indent", "indent(2, true)",
        "indent(width=3, blank=true)", "truncate(5)", "truncate(6, true, '')", "safe + '<'", "trim('a ')", "count", "unique | list", "sort", "join('-')", "map('upper') | join('/')");

    private string ListFilter() => Pick(
        "length", "first", "last", "list", "join(', ')", "join", "tojson", "tojson(indent=2)", "tojson(separators=(',', ':'))", "map('string') | list", "unique | list",
        "reverse | list", "map('upper') | join('/')", "select | list", "batch(2) | list", "batch(2, 'z') | list", "slice(2) | list", "map('int') | list", "map('default', 'q') | list",
        "reject('none') | list", "select('string') | list", "reject('string') | list", "select('in', [1, 'a']) | list", "map('string') | sort", "map('string') | map('length') | sum",
        "map('string') | min", "map('string') | max", "map('string') | sort(reverse=true, case_sensitive=true)");

    private string NumberFilter() => Pick("round", "round(1)", "round(2, 'floor')", "round(1, 'ceil')", "abs", "int", "float", "string", "tojson", "round | int");

    private string MessagesFilter() => Pick(
        "selectattr('role', 'equalto', 'user') | list | length", "rejectattr('content') | list | length", "selectattr('n', 'defined') | list", "map(attribute='role') | join",
        "groupby('role') | list", "tojson(sort_keys=true)", "map(attribute='n', default=7) | list", "selectattr('role', 'in', ['user', 'tool']) | map(attribute='role') | list",
        "sort(attribute='role') | map(attribute='role') | list", "map(attribute='tool_calls.0.function.name') | list", "unique(attribute='role') | list | length", "join('|', attribute='role')");

    private string AnyTest() => Pick(
        "defined", "undefined", "none", "string", "number", "integer", "float", "boolean", "mapping", "sequence", "iterable", "callable", "true", "false",
        "in items", "in [1, 2, 'a']", "eq 1", "equalto('user')", "sameas none", "lower", "upper", "escaped", "ne 0");

    private string NumberTest() => Pick("odd", "even", "divisibleby(2)", "divisibleby 3", "gt 2", "lt(3)", "ge 1");

    /// <summary>Returns an expression that may fail, in one of six cases; otherwise a string.</summary>
    private string Wild(string expression) => _random.Next(6) == 0 ? expression : Text();

    private string TextMethod() => Pick(
        "strip()", "strip('a')", "lstrip()", "rstrip('\\n')", "upper()", "lower()", "split()", "split('a')", "split(' ', 1)", "rsplit(' ', 1)", "splitlines()",
        "startswith('a')", "endswith(('d', 'o'))", "replace('l', 'LL')", "replace('a', 'b', 1)", "find('l')", "rfind('l')", "count('l')", "title()", "capitalize()",
        "zfill(6)", "ljust(7, '.')", "rjust(7)", "center(8, '*')", "isdigit()", "isalpha()", "isupper()", "islower()", "isspace()", "partition('l')", "rpartition(' ')",
        "removeprefix('H')", "removesuffix('o')", "swapcase()", "join(texts)", "join(['a', 'b'])", "find('', 3)", "count('')", "casefold()",
        "format(1, 2)", "expandtabs(4)", Wild("nomethod()") is "nomethod()" ? "nomethod()" : "upper()", "splitlines(true)", "isalnum()");

    private string Tag(string inner) => $"{Open("{%")} {inner} {Close("%}")}";

    private string Open(string mark) => mark + Pick("", "", "", "-", "-", mark == "{{" ? "" : "+");

    private string Close(string mark) => Pick("", "", "", "-", "-", mark == "}}" ? "" : "+") + mark + Pick("", "", "\n", " ", "\n  ");

    private string Pick(params string[] options) => options[_random.Next(options.Length)];
}
