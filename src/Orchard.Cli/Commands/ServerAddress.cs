namespace Orchard.Cli.Commands;

/// <summary>Where the server is, unless something else is said.</summary>
internal static class ServerAddress
{
    public const string Default = "http://127.0.0.1:11500";
}
