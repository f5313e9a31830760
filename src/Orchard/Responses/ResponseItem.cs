namespace Orchard.Responses;

/// <summary>
/// A piece of a conversation: of what is asked in <see cref="ResponseRequest.Input"/>, or of what came back in
/// <see cref="Response.Output"/>. What came back can be part of the next input as it is. Immutable.
/// </summary>
public abstract record ResponseItem
{
    private protected ResponseItem()
    {
    }

    /// <summary>The item's kind, as OpenAI names it: <c>message</c>, <c>reasoning</c>, <c>function_call</c> or <c>function_call_output</c>.</summary>
    public abstract string Type { get; }

    /// <summary>Names the item in the events of its response; in an input it means nothing (default: null).</summary>
    public string? Id { get; init; }

    /// <summary>How far the model got with it; in an input it means nothing (default: null).</summary>
    public ResponseItemStatus? Status { get; init; }
}

/// <summary>How far the model got with an item of its output.</summary>
public enum ResponseItemStatus
{
    /// <summary>The model is at it.</summary>
    InProgress,

    /// <summary>It is whole.</summary>
    Completed,

    /// <summary>The response ended in it: it may be cut short.</summary>
    Incomplete,
}

/// <summary>Something that is said. Immutable.</summary>
/// <param name="Role">Who says it; not <see cref="MessageRole.Tool"/>, which has <see cref="FunctionCallOutputItem"/>.</param>
/// <param name="Text">What is said. May be empty, not null.</param>
public sealed record MessageItem(MessageRole Role, string Text) : ResponseItem
{
    /// <inheritdoc/>
    public override string Type => "message";

    /// <summary>The text's tokens and their log probabilities; empty unless <see cref="GenerationOptions.Logprobs"/> asks for them.</summary>
    public IReadOnlyList<GeneratedToken> Tokens { get; init; } = [];

    /// <summary>Standing instructions to the model.</summary>
    /// <param name="text">The instructions.</param>
    public static MessageItem System(string text) => new(MessageRole.System, text);

    /// <summary>What the user says.</summary>
    /// <param name="text">The text.</param>
    public static MessageItem User(string text) => new(MessageRole.User, text);

    /// <summary>What the model said in an earlier turn.</summary>
    /// <param name="text">The text.</param>
    public static MessageItem Assistant(string text) => new(MessageRole.Assistant, text);
}

/// <summary>What the model thought. Its template decides whether a later prompt shows it. Immutable.</summary>
/// <param name="Text">The thoughts as the model wrote them. May be empty, not null.</param>
public sealed record ReasoningItem(string Text) : ResponseItem
{
    /// <inheritdoc/>
    public override string Type => "reasoning";
}

/// <summary>The model's wish to have a tool called. Immutable.</summary>
/// <param name="CallId">Names the call in its <see cref="FunctionCallOutputItem"/>.</param>
/// <param name="Name">Which tool.</param>
/// <param name="Arguments">Its arguments, a JSON object as text; as the model wrote them when there is an <see cref="Error"/>.</param>
public sealed record FunctionCallItem(string CallId, string Name, string Arguments) : ResponseItem
{
    /// <inheritdoc/>
    public override string Type => "function_call";

    /// <summary>Why the call cannot be made: it is cut short, or its arguments are no JSON or not what the tool's schema says; null when it can.</summary>
    public ToolCallException? Error { get; init; }

    /// <summary>The same call as chats have it, for <see cref="ToolCall.ReadArguments"/>.</summary>
    public ToolCall ToToolCall() => new(CallId, Name, Arguments) { Error = Error };
}

/// <summary>What a tool gave when it was called. Immutable.</summary>
/// <param name="CallId">The <see cref="FunctionCallItem.CallId"/> of the call, which has to come before it.</param>
/// <param name="Output">The result, for the model to read; usually JSON. May be empty, not null.</param>
public sealed record FunctionCallOutputItem(string CallId, string Output) : ResponseItem
{
    /// <inheritdoc/>
    public override string Type => "function_call_output";
}
