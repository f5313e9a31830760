namespace Orchard.Protocol.Messages;

/// <summary>Error codes of deltas and management replies. An Orchard extension: PIE-compatible clients see only the error's text.</summary>
internal static class ErrorCode
{
    /// <summary>The prompt does not leave room in the model's context. The message contains both lengths.</summary>
    public const string ContextLengthExceeded = "context_length_exceeded";

    public const string ModelNotLoaded = "model_not_loaded";

    /// <summary>The model file was changed while the request was computed.</summary>
    public const string ModelChanged = "model_changed";

    /// <summary>The model cannot be unloaded, because it is loading or in use.</summary>
    public const string ModelInUse = "model_in_use";

    /// <summary>The model is loaded with other settings than those required, and in use.</summary>
    public const string ModelOptionsConflict = "model_options_conflict";

    /// <summary>There is not enough memory for the model.</summary>
    public const string InsufficientMemory = "insufficient_memory";

    /// <summary>The draft model cannot draft for the model. The message says why.</summary>
    public const string DraftModel = "draft_model";

    /// <summary>The request breaks a rule or contains a number that is out of range.</summary>
    public const string InvalidRequest = "invalid_request";

    /// <summary>The response format cannot be used. The message explains what is wrong and where.</summary>
    public const string InvalidResponseFormat = "invalid_response_format";

    /// <summary>A JSON Schema cannot be enforced. The delta contains the location and the keyword.</summary>
    public const string UnsupportedSchema = "unsupported_schema";

    /// <summary>An image or audio input cannot be used. The delta contains its index.</summary>
    public const string InvalidMedia = "invalid_media";

    /// <summary>The engine or the model lacks a feature that the request needs. The message names it.</summary>
    public const string Unsupported = "unsupported";

    /// <summary>Too many sequences are active. Retrying later may succeed.</summary>
    public const string Overloaded = "overloaded";

    public const string ShuttingDown = "shutting_down";

    /// <summary>Decoding failed, or the engine has a defect.</summary>
    public const string Internal = "internal";
}
