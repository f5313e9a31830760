namespace Orchard;

/// <summary>The engine executable was not found. The message lists the locations that were searched.</summary>
public sealed class EngineNotFoundException : OrchardException
{
    internal EngineNotFoundException(string message)
        : base(message)
    {
    }
}
