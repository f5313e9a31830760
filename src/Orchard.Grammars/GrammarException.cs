namespace Orchard.Grammars;

/// <summary>A grammar that cannot be used. The message says what is wrong with it, and where.</summary>
internal sealed class GrammarException(string message) : Exception(message);
