using Orchard.Protocol.Messages;

namespace Orchard.Engine.Output;

/// <summary>A model family's way to write calls of tools: which marks begin them, and how what follows is read. Immutable.</summary>
internal abstract class CallFormat
{
    /// <summary>What begins calls.</summary>
    public abstract IReadOnlyList<string> Marks { get; }

    /// <summary>Whether a mark counts only where the message begins.</summary>
    public virtual bool IsOnlyFirst(string mark) => false;

    /// <summary>Reads what follows a mark.</summary>
    public abstract CallReader Read(string mark, ToolSet tools, IOutputItems items);

    /// <summary>The format that a request names; null when it names none. One this engine does not know is taken by its marks alone.</summary>
    public static CallFormat? Find(ToolCallingTokens tokens)
    {
        if (tokens.Formats is not [ToolCallFormat format, ..])
        {
            return null;
        }

        string start = format.CallStart.Trim();
        string end = format.CallEnd.Trim();
        return format.Name switch
        {
            "llama3_json" => new BareJsonFormat(start),
            "mistral" => new MistralFormat(start.Length > 0 ? start : "[TOOL_CALLS]"),
            "functionary" => new FunctionaryFormat(),
            "harmony" => null,
            _ when start.Length > 0 => new TagFormat(start, end),
            _ => null,
        };
    }
}

/// <summary>JSON between two tags, as Hermes and Qwen write it, or elements between them, as Qwen's coders do.</summary>
internal sealed class TagFormat(string start, string end) : CallFormat
{
    public string Start => start;

    public string End => end;

    public override IReadOnlyList<string> Marks { get; } = [start];

    public override CallReader Read(string mark, ToolSet tools, IOutputItems items) =>
        new TaggedCall(first => first switch
        {
            '{' => new JsonCallBody(tools, items),
            '<' => new XmlCallBody(tools, items),
            _ => null,
        }, end);
}

/// <summary>The message is the call, as JSON, with or without a mark before it: Llama 3.</summary>
internal sealed class BareJsonFormat(string start) : CallFormat
{
    private const string Object = "{";

    public string Start => start;

    public override IReadOnlyList<string> Marks { get; } = start.Length > 0 ? [start, Object] : [Object];

    public override bool IsOnlyFirst(string mark) => mark == Object;

    public override CallReader Read(string mark, ToolSet tools, IOutputItems items)
    {
        var calls = new ListedCalls(() => new JsonCallBody(tools, items), hasBrackets: false);
        if (mark == Object)
        {
            calls.Read('{');
            calls.Unread.Clear(); // the mark is it
        }

        return calls;
    }
}

/// <summary>A mark, then a list of JSON calls, or a name and its arguments: Mistral, older and newer.</summary>
internal sealed class MistralFormat(string start) : CallFormat
{
    /// <summary>Between name and arguments in the newer form.</summary>
    public const string Separator = "[ARGS]";

    public string Start => start;

    public override IReadOnlyList<string> Marks { get; } = [start];

    public override CallReader Read(string mark, ToolSet tools, IOutputItems items) => new EitherCalls(tools, items);

    // Which of the two forms it is shows in the first character.
    private sealed class EitherCalls(ToolSet tools, IOutputItems items) : CallReader
    {
        private CallReader? _form;
        private string _leading = "";

        public override CallProgress Read(char character)
        {
            if (_form is null && char.IsWhiteSpace(character))
            {
                _leading += character;
                return Keep(character);
            }

            _form ??= character == '['
                ? new ListedCalls(() => new JsonCallBody(tools, items), hasBrackets: true)
                : new TaggedCall(_ => new NamedCallBody(tools, items, Separator), end: "");
            CallProgress progress = _form.Read(character);
            Follow(_form, _leading);
            return progress;
        }
    }
}

/// <summary>An element with the name in it and JSON between its tags: Functionary, and Llama when asked to.</summary>
internal sealed class FunctionaryFormat : CallFormat
{
    public const string Start = "<function=";

    public const string End = "</function>";

    public override IReadOnlyList<string> Marks { get; } = [Start];

    public override CallReader Read(string mark, ToolSet tools, IOutputItems items) =>
        new TaggedCall(_ => new NamedCallBody(tools, items, ">"), End);
}
