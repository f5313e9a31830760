namespace Orchard.Cli.Commands;

/// <summary>Where the server is, unless something else is said.</summary>
internal static class ServerAddress
{
    public const string Default = "http://127.0.0.1:11500";

    private const int MaxPort = 65535;

    /// <summary>Returns the address of a host and a port; what is null is that of the default.</summary>
    /// <exception cref="UsageException">There is no such host name or port.</exception>
    public static string Of(string? host, int? port)
    {
        var address = new UriBuilder(Default);
        if (port is < 0 or > MaxPort)
        {
            throw new UsageException($"--port is {port}; allowed is 0 to {MaxPort}, where 0 is any that is free.");
        }

        if (host is not null && Uri.CheckHostName(host.Trim('[', ']')) == UriHostNameType.Unknown)
        {
            throw new UsageException(
                $"--host is '{host}'; allowed is a name or an IP address, such as 127.0.0.1. A port goes into --port.");
        }

        address.Host = host ?? address.Host;
        address.Port = port ?? address.Port;
        return address.Uri.GetLeftPart(UriPartial.Authority);
    }
}
