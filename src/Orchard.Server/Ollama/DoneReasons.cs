namespace Orchard.Server.Ollama;

/// <summary>Ollama's names of finish reasons. Pure.</summary>
internal static class DoneReasons
{
    /// <summary>Returns the name of a reason.</summary>
    public static string NameOf(FinishReason? reason) => reason == FinishReason.Length ? "length" : "stop";
}
