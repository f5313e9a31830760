namespace Orchard;

/// <summary>
/// Something went wrong between this library, the engine and a model. Every failure that is neither a bad argument nor the caller's
/// own cancellation is one of the sealed classes below.
/// </summary>
public abstract class OrchardException : Exception
{
    private protected OrchardException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>The model called a tool in a way that cannot be carried out. The message says what is wrong, and where in the arguments.</summary>
public sealed class ToolCallException : OrchardException
{
    internal ToolCallException(string message, string toolName, string arguments, Exception? innerException = null)
        : base(message, innerException)
    {
        ToolName = toolName;
        Arguments = arguments;
    }

    /// <summary>Which tool, in the model's words.</summary>
    public string ToolName { get; }

    /// <summary>Its arguments, as the model wrote them.</summary>
    public string Arguments { get; }
}

/// <summary>No engine executable where one is looked for. The message lists the places.</summary>
public sealed class EngineNotFoundException : OrchardException
{
    internal EngineNotFoundException(string message)
        : base(message)
    {
    }
}

/// <summary>The engine could not be started, or did not answer in time. The message has its last log lines.</summary>
public sealed class EngineStartException : OrchardException
{
    internal EngineStartException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>The engine was asked to stop, did not, and could not be ended. The message names its process.</summary>
public sealed class EngineStopException : OrchardException
{
    internal EngineStopException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>The engine process ended while a call was in flight. The next call starts a new engine.</summary>
public sealed class EngineDiedException : OrchardException
{
    internal EngineDiedException(
        string message, int? processId, int? exitCode, Exception? innerException = null, int receivedCharacters = 0)
        : base(message, innerException)
    {
        ProcessId = processId;
        ExitCode = exitCode;
        ReceivedCharacters = receivedCharacters;
    }

    /// <summary>The engine's process id, when it was known.</summary>
    public int? ProcessId { get; }

    /// <summary>Its exit code, when this process started it and the code is known; 128 plus the signal's number after a signal.</summary>
    public int? ExitCode { get; }

    /// <summary>How many characters of the answer had come, over all conversations of the call; 0 when nothing had.</summary>
    public int ReceivedCharacters { get; }

    /// <summary>The same end, as the call sees it that had got some of its answer. Each call throws an exception of its own.</summary>
    internal EngineDiedException During(int receivedCharacters) => new(
        receivedCharacters == 0 ? Message : $"{receivedCharacters} characters of the answer had come when it ended. {Message}",
        ProcessId,
        ExitCode,
        this,
        receivedCharacters);
}

/// <summary>Nothing came of a request for longer than <see cref="ClientOptions.StallTimeout"/>. The engine was told to stop it.</summary>
public sealed class RequestStalledException : OrchardException
{
    internal RequestStalledException(string message, RequestState state, int? processId)
        : base(message)
    {
        State = state;
        ProcessId = processId;
    }

    /// <summary>How far the request had got.</summary>
    public RequestState State { get; }

    /// <summary>The engine's process id, when it was known.</summary>
    public int? ProcessId { get; }
}

/// <summary>How far a request is known to have got.</summary>
public enum RequestState
{
    /// <summary>It was sent, and the engine has not said that it has taken it on.</summary>
    Sent,

    /// <summary>The engine has taken it on, and has not generated anything for it.</summary>
    Queued,

    /// <summary>The engine has generated some of the answer.</summary>
    Generating,
}

/// <summary>No model of that name: neither an alias nor an existing file.</summary>
public sealed class ModelNotFoundException : OrchardException
{
    internal ModelNotFoundException(string model, string message)
        : base(message) => Model = model;

    /// <summary>The model as the caller named it.</summary>
    public string Model { get; }
}

/// <summary>The model file exists, but the engine could not load it.</summary>
public sealed class ModelLoadException : OrchardException
{
    internal ModelLoadException(string model, string message, Exception? innerException = null)
        : base(message, innerException) => Model = model;

    /// <summary>The model as the caller named it.</summary>
    public string Model { get; }
}

/// <summary>The model was not unloaded, since somebody uses it.</summary>
public sealed class ModelInUseException : OrchardException
{
    internal ModelInUseException(string model, string message)
        : base(message) => Model = model;

    /// <summary>The model as the caller named it.</summary>
    public string Model { get; }
}

/// <summary>The prompt leaves no room for an answer in the model's context.</summary>
public sealed class ContextLengthExceededException : OrchardException
{
    internal ContextLengthExceededException(string message, int? promptTokens, int? contextLength)
        : base(message)
    {
        PromptTokens = promptTokens;
        ContextLength = contextLength;
    }

    /// <summary>Tokens of the prompt, when the engine said.</summary>
    public int? PromptTokens { get; }

    /// <summary>Tokens the context holds, prompt and completion together, when the engine said.</summary>
    public int? ContextLength { get; }
}

/// <summary>The messages could not be turned into a prompt. The message says what the model's chat template was missing, and where.</summary>
public sealed class ChatTemplateException : OrchardException
{
    internal ChatTemplateException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    internal ChatTemplateException(string message, int? line, Exception innerException)
        : base(message, innerException) => Line = line;

    /// <summary>The line of the chat template, from 1; null when the problem is not in a template.</summary>
    public int? Line { get; }
}

/// <summary>The engine sent something that does not follow the protocol, or text was lost on the way.</summary>
public sealed class ProtocolException : OrchardException
{
    internal ProtocolException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>The engine refused the request.</summary>
public sealed class RequestRejectedException : OrchardException
{
    internal RequestRejectedException(string message, string? code)
        : base(message) => Code = code;

    /// <summary>The engine's code for the reason, such as <c>unsupported</c>; null when it gave none.</summary>
    public string? Code { get; }
}

/// <summary>A JSON Schema has a keyword that the engine cannot enforce, or describes nothing. Nothing was generated.</summary>
public sealed class UnsupportedSchemaException : OrchardException
{
    internal UnsupportedSchemaException(string message, string? path, string? keyword)
        : base(message)
    {
        Path = path;
        Keyword = keyword;
    }

    /// <summary>Where in the schema, as a JSON pointer: empty for its root; null when the engine did not say.</summary>
    public string? Path { get; }

    /// <summary>The keyword; null when it is not about one.</summary>
    public string? Keyword { get; }
}

/// <summary>An answer that was to be a value is not: it was cut off, or the type does not take it.</summary>
public sealed class StructuredOutputException : OrchardException
{
    internal StructuredOutputException(string message, ChatResult result, Exception? innerException = null)
        : base(message, innerException) => Result = result;

    /// <summary>The answer as it came; with <see cref="FinishReason.Length"/> it is the beginning of one.</summary>
    public ChatResult Result { get; }
}
