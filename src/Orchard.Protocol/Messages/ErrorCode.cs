namespace Orchard.Protocol.Messages;

/// <summary>What <see cref="ResponseDelta.ErrorCode"/> can be. Ours: siblings read the error's text alone.</summary>
internal static class ErrorCode
{
    /// <summary>The prompt leaves no room in the model's context; the message has both numbers.</summary>
    public const string ContextLengthExceeded = "context_length_exceeded";

    public const string ModelNotLoaded = "model_not_loaded";

    /// <summary>The model cannot be unloaded: it is loading, or somebody uses it.</summary>
    public const string ModelInUse = "model_in_use";

    /// <summary>The request breaks a rule or has a number out of range.</summary>
    public const string InvalidRequest = "invalid_request";

    /// <summary>The response format cannot be used; the message says what is wrong with it, and where.</summary>
    public const string InvalidResponseFormat = "invalid_response_format";

    /// <summary>A JSON Schema that cannot be enforced; the delta has the place and the keyword.</summary>
    public const string UnsupportedSchema = "unsupported_schema";

    /// <summary>The engine lacks what the request asks for; the message names it.</summary>
    public const string Unsupported = "unsupported";

    /// <summary>Too many sequences are under way; trying again later may work.</summary>
    public const string Overloaded = "overloaded";

    public const string ShuttingDown = "shutting_down";

    /// <summary>A decode that failed, or a defect of the engine.</summary>
    public const string Internal = "internal";
}
