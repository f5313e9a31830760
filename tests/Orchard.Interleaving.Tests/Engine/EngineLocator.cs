namespace Orchard.Processes;

/// <summary>Stands in for the search for the engine, which the code compiled here names but does not use.</summary>
internal static class EngineLocator
{
    public static bool IsGiven(string? option) => throw new NotSupportedException(option);
}
