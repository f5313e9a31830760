namespace Orchard.Protocol.Sockets;

/// <summary>The process at the other end of a connection, as the operating system reports it.</summary>
/// <param name="IsReported">
/// Whether the operating system reports processes for this kind of connection. If not, a process is known only by what it claims.
/// </param>
/// <param name="Id">The id in this process's pid namespace; null if the process is not visible there, or not reported.</param>
internal readonly record struct PeerProcess(bool IsReported, int? Id)
{
    /// <summary>The peer of a connection that is not a socket.</summary>
    public static PeerProcess Unreported => default;

    /// <summary>
    /// Returns the process id to believe: the reported one if there is a report, which may be that it is not visible; otherwise the claim.
    /// </summary>
    public int? IdOr(int claimed) => IsReported ? Id : claimed;

    /// <summary>Returns whether two connections can be of the same process: false only if two different ids are reported.</summary>
    public bool MayBe(PeerProcess other) => Id is null || other.Id is null || Id == other.Id;
}
