namespace Orchard.Grammars;

/// <summary>A grammar, regular expression or response format that cannot be used. The message says what is wrong and where.</summary>
internal sealed class GrammarException(string message) : Exception(message);
