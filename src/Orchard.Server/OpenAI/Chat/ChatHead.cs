namespace Orchard.Server.OpenAI.Chat;

/// <summary>What all parts of a completion have in common.</summary>
/// <param name="Id">Identifies the completion.</param>
/// <param name="Model">The model as the client named it.</param>
/// <param name="Created">Unix time in seconds.</param>
internal sealed record ChatHead(string Id, string Model, long Created);
