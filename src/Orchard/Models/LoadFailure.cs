namespace Orchard.Models;

/// <summary>Why the engine did not load a model.</summary>
/// <param name="Message">The engine's message.</param>
/// <param name="Code">The kind of failure, one of <see cref="Protocol.Messages.ErrorCode"/>; null if it is not known.</param>
internal readonly record struct LoadFailure(string Message, string? Code);
