namespace Orchard.Engine.Serving.Responses;

/// <summary>Why a request or one of its sequences failed.</summary>
/// <param name="Code">One of <see cref="Protocol.Messages.ErrorCode"/>.</param>
/// <param name="Message">A message for users: what is wrong, with the value, and what to do.</param>
/// <param name="PromptTokens">The number of tokens of a prompt that is too long.</param>
/// <param name="SchemaPath">The location in a JSON Schema.</param>
/// <param name="SchemaKeyword">The JSON Schema keyword.</param>
/// <param name="MediaIndex">Place of an image or sound among all of the prompt.</param>
internal readonly record struct RequestError(
    string Code,
    string Message,
    int? PromptTokens = null,
    string? SchemaPath = null,
    string? SchemaKeyword = null,
    int? MediaIndex = null);
