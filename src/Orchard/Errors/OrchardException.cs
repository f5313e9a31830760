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
    internal EngineDiedException(string message, int? processId, int? exitCode, Exception? innerException = null)
        : base(message, innerException)
    {
        ProcessId = processId;
        ExitCode = exitCode;
    }

    /// <summary>The engine's process id, when it was known.</summary>
    public int? ProcessId { get; }

    /// <summary>Its exit code, when this process started it and the code is known; 128 plus the signal's number after a signal.</summary>
    public int? ExitCode { get; }
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

    private ChatTemplateException(string message, int line)
        : base(message) => Line = line;

    /// <summary>The line of the chat template, from 1; null when the problem is not in a template.</summary>
    public int? Line { get; }

    internal static ChatTemplateException At(int line, string problem) => new($"Chat template, line {line}: {problem}.", line);
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
