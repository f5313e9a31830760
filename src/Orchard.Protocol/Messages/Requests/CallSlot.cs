namespace Orchard.Protocol.Messages.Requests;

/// <summary>What differs between the calls of one form.</summary>
internal static class CallSlot
{
    /// <summary>The name of the tool.</summary>
    public const string Name = "name";

    /// <summary>An identifier that the model makes up.</summary>
    public const string Identifier = "id";

    /// <summary>The number of the call in its turn or conversation.</summary>
    public const string Index = "index";

    /// <summary>The arguments.</summary>
    public const string Arguments = "arguments";

    /// <summary>The arguments' JSON object, written as a JSON string.</summary>
    public const string ArgumentsText = "arguments_text";

    public static IReadOnlyList<string> All { get; } = [Name, Identifier, Index, Arguments, ArgumentsText];
}
