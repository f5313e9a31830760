using Orchard.Protocol.Messages;

namespace Orchard;

/// <summary>The values of <see cref="RequestRejectedException.Code"/>.</summary>
public static class RequestErrorCodes
{
    /// <summary>The model is not loaded (<c>model_not_loaded</c>).</summary>
    public const string ModelNotLoaded = ErrorCode.ModelNotLoaded;

    /// <summary>The model is in use or being loaded, and cannot be unloaded (<c>model_in_use</c>).</summary>
    public const string ModelInUse = ErrorCode.ModelInUse;

    /// <summary>The request violates a rule, or a value is out of range (<c>invalid_request</c>).</summary>
    public const string InvalidRequest = ErrorCode.InvalidRequest;

    /// <summary>The response format is malformed, such as a grammar with a syntax error (<c>invalid_response_format</c>).</summary>
    public const string InvalidResponseFormat = ErrorCode.InvalidResponseFormat;

    /// <summary>The engine or the model does not support what was requested (<c>unsupported</c>).</summary>
    public const string Unsupported = ErrorCode.Unsupported;

    /// <summary>The engine has too many requests; retrying later can succeed (<c>overloaded</c>).</summary>
    public const string Overloaded = ErrorCode.Overloaded;

    /// <summary>The engine failed to decode, or has a defect (<c>internal</c>).</summary>
    public const string Internal = ErrorCode.Internal;
}
