namespace Orchard.Hub.Settings;

/// <summary>Reads the environment variables of the Hugging Face libraries.</summary>
/// <param name="variable">Returns a variable.</param>
/// <param name="home">The user's home directory; empty if there is none, and then nothing is looked for or written below it.</param>
internal sealed class HubEnvironment(Func<string, string?> variable, string home)
{
    private const string DefaultEndpoint = "https://huggingface.co";

    /// <summary>The environment of this process.</summary>
    public static HubEnvironment Current { get; } =
        new(Environment.GetEnvironmentVariable, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    /// <summary>Returns the settings; a value that is not null replaces that of the environment.</summary>
    /// <param name="endpoint">Address of the hub.</param>
    /// <param name="token">Access token.</param>
    /// <param name="cache">Folder of the cache.</param>
    /// <param name="offline">Whether to use only what is stored.</param>
    /// <exception cref="ArgumentException">The address of the hub is not valid.</exception>
    public HubSettings Read(string? endpoint, string? token, string? cache, bool? offline)
    {
        string? tokenPath = Value("HF_TOKEN_PATH") is { } path ? Expand(path) : Below(HuggingFaceHome, "token");
        return new HubSettings
        {
            Endpoint = ParseEndpoint(endpoint ?? Value("HF_ENDPOINT") ?? DefaultEndpoint),
            Token = Clean(token) ?? (IsTrue("HF_HUB_DISABLE_IMPLICIT_TOKEN") ? null : Clean(Value("HF_TOKEN")) ?? ReadToken(tokenPath)),
            TokenSource = "HubOptions.Token, HF_TOKEN" + (tokenPath is null ? "" : $" or '{tokenPath}'"),
            Roots = cache is null ? [.. new[] { CacheFolder, InHome(".orchard", "hub") }.OfType<string>()] : [Expand(cache)],
            IsOffline = offline ?? (IsTrue("HF_HUB_OFFLINE") || IsTrue("TRANSFORMERS_OFFLINE")),
            UseLinks = !IsTrue("HF_HUB_DISABLE_SYMLINKS"),
            OllamaModels = Value("OLLAMA_MODELS") is { } ollama ? Expand(ollama) : InHome(".ollama", "models"),
            LmStudioModels = InHome(".lmstudio", "models"),
            ResponseTimeout = Seconds("HF_HUB_ETAG_TIMEOUT"),
            StallTimeout = Seconds("HF_HUB_DOWNLOAD_TIMEOUT"),
        };
    }

    private string? HuggingFaceHome =>
        Value("HF_HOME") is { } folder ? Expand(folder)
        : Value("XDG_CACHE_HOME") is { } cache ? Expand(Path.Combine(cache, "huggingface"))
        : InHome(".cache", "huggingface");

    private string? CacheFolder =>
        (Value("HF_HUB_CACHE") ?? Value("HUGGINGFACE_HUB_CACHE")) is { } folder ? Expand(folder) : Below(HuggingFaceHome, "hub");

    private string? InHome(params string[] names) => home.Length == 0 ? null : Path.Combine([home, .. names]);

    private static string? Below(string? folder, string name) => folder is null ? null : Path.Combine(folder, name);

    private string? Value(string name) => variable(name) is { Length: > 0 } value ? value : null;

    private bool IsTrue(string name) => Value(name)?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE";

    private TimeSpan Seconds(string name) =>
        TimeSpan.FromSeconds(int.TryParse(Value(name), out int seconds) && seconds is > 0 and <= 3600 ? seconds : 10);

    private string Expand(string path) =>
        Path.GetFullPath(path == "~" || path.StartsWith("~/", StringComparison.Ordinal) ? home + path[1..] : path);

    private static Uri ParseEndpoint(string text) =>
        Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out Uri? uri) && uri.Scheme is "https" or "http"
            ? uri
            : throw new ArgumentException($"The address of the hub '{text}' is not an http or https URL. Check HF_ENDPOINT.");

    private static string? ReadToken(string? path)
    {
        try
        {
            return File.Exists(path) ? Clean(File.ReadAllText(path)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // A token with other characters cannot be a header.
    private static string? Clean(string? token) =>
        token?.Trim() is { Length: > 0 } text && text.All(c => c is > ' ' and < (char)127) ? text : null;
}
