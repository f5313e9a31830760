using System.Text;
using System.Text.Json;
using Orchard.Schemas;

namespace Orchard.Calls.Chat;

/// <summary>Assembles the tool calls of one answer from their parts, and validates those that are complete. Not thread-safe.</summary>
/// <param name="tools">The tools that may be called; the arguments of calls are validated against them.</param>
internal sealed class CallAssembly(IReadOnlyList<Tool> tools)
{
    private readonly List<OpenCall> _calls = [];

    /// <summary>Number of calls so far.</summary>
    public int Count => _calls.Count;

    /// <summary>Returns the call that is open under a key; null if there is none.</summary>
    /// <param name="key">What the sender calls it.</param>
    public OpenCall? Find(int key) => _calls.Find(call => !call.IsComplete && call.Key == key);

    /// <summary>Begins a call.</summary>
    /// <param name="key">What the sender calls it.</param>
    /// <param name="name">Name of the tool.</param>
    public OpenCall Open(int key, string name)
    {
        var call = new OpenCall(_calls.Count, key, ToolCall.NewId(), name);
        _calls.Add(call);
        return call;
    }

    /// <summary>Appends to the arguments of a call.</summary>
    public static ToolCallDelta Append(OpenCall call, string span)
    {
        call.Arguments.Append(span);
        return Piece(call, span);
    }

    /// <summary>Ends a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="missing">The part of the arguments that the caller has not received.</param>
    /// <param name="isCut">Whether the answer ended before the call did.</param>
    public ToolCallDelta Complete(OpenCall call, string missing, bool isCut)
    {
        call.IsComplete = true;
        string arguments = call.Arguments.ToString();
        string? problem = isCut ? "the answer ended before the call did" : FindProblem(call.Name, arguments);
        return Piece(call, missing, new ToolCall(call.Id, call.Name, arguments)
        {
            IsCutShort = isCut,
            Error = problem is null
                ? null
                : new ToolCallException($"The call to the tool '{call.Name}' cannot be executed: {problem}.", call.Name, arguments),
        });
    }

    /// <summary>The calls that are not complete, which a caller completes one by one.</summary>
    public IEnumerable<OpenCall> Unfinished => _calls.Where(static call => !call.IsComplete);

    /// <summary>Returns a part of a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="arguments">Text that the part adds to the arguments.</param>
    /// <param name="complete">The complete call, with its last part.</param>
    public static ToolCallDelta Piece(OpenCall call, string arguments, ToolCall? complete = null) => new()
    {
        Index = call.Index,
        Id = call.Id,
        Name = call.Name,
        Arguments = arguments,
        Call = complete,
    };

    private string? FindProblem(string name, string arguments)
    {
        Tool? tool = tools.FirstOrDefault(candidate => candidate.Name == name);
        if (tool is null)
        {
            return "there is no such tool";
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(arguments);
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? SchemaCheck.Find(json.RootElement, tool.Parameters)
                : $"the arguments are {json.RootElement.ValueKind}, not an object";
        }
        catch (JsonException e)
        {
            return $"the arguments are not valid JSON ({e.Message})";
        }
    }

    /// <summary>A call whose parts arrive.</summary>
    /// <param name="Index">Its index in the answer.</param>
    /// <param name="Key">What the sender calls it.</param>
    /// <param name="Id">Its id.</param>
    /// <param name="Name">Name of the tool.</param>
    internal sealed record OpenCall(int Index, int Key, string Id, string Name)
    {
        /// <summary>The arguments so far.</summary>
        public StringBuilder Arguments { get; } = new();

        /// <summary>Whether all parts have arrived.</summary>
        public bool IsComplete { get; set; }
    }
}
