using System.Net;

namespace Orchard.Server.Security;

/// <summary>
/// Knows by which names the server can be addressed. A web page of a foreign name that has been rebound to this machine is refused.
/// Immutable; thread-safe.
/// </summary>
/// <param name="allowed">Names in addition to <c>localhost</c> and IP addresses.</param>
internal sealed class HostNames(IEnumerable<string> allowed)
{
    private readonly HashSet<string> _allowed = new(allowed, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the host of a request is one of this server.</summary>
    public bool Allows(HostString host) =>
        host.Host.Length == 0 // sent by no browser
        || host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(host.Host.Trim('[', ']'), out _) // an address cannot be rebound
        || _allowed.Contains(host.Host)
        || _allowed.Contains("*");

    /// <summary>Whether a connection comes from this machine: over a loopback address, a socket file or in memory.</summary>
    public static bool IsLocal(ConnectionInfo connection) =>
        connection.LocalIpAddress is not { } address || IPAddress.IsLoopback(address);
}
