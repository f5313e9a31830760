namespace Orchard.Engine.Serving;

/// <summary>Why a request, or one of its sequences, gets no answer.</summary>
/// <param name="Code">One of <see cref="Protocol.Messages.ErrorCode"/>.</param>
/// <param name="Message">For people: what is wrong, with the value, and what to do.</param>
/// <param name="PromptTokens">Tokens of a prompt that is too long.</param>
/// <param name="SchemaPath">Where in a JSON Schema the problem is.</param>
/// <param name="SchemaKeyword">The keyword it is about.</param>
internal readonly record struct RequestError(
    string Code, string Message, int? PromptTokens = null, string? SchemaPath = null, string? SchemaKeyword = null);
