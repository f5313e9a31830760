namespace Orchard.Hub.Tests.Hosting;

/// <summary>A repository of <see cref="TestHub"/>.</summary>
internal sealed class TestRepository
{
    public string Commit { get; set; } = "1111111111111111111111111111111111111111";

    public Dictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    public string? License { get; set; } = "apache-2.0";

    /// <summary>The token that gives access; null for a public repository.</summary>
    public string? RequiredToken { get; set; }
}
