namespace Orchard.EngineStub;

/// <summary>How the stub is to start, word by word.</summary>
internal static class StartCommand
{
    public static string[] Read(string root)
    {
        string file = Path.Combine(root, "stub");
        string command = Environment.GetEnvironmentVariable("ORCHARD_STUB") is { Length: > 0 } variable ? variable
            : File.Exists(file) ? File.ReadAllText(file)
            : "answer";
        return command.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    }
}
