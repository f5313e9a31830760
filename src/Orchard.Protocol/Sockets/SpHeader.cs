using System.Buffers.Binary;

namespace Orchard.Protocol.Sockets;

/// <summary>The connection header: eight bytes that each side sends right after connecting to announce its protocol.</summary>
internal static class SpHeader
{
    public const int Length = 8;

    private static ReadOnlySpan<byte> Magic => [0x00, (byte)'S', (byte)'P', 0x00];

    public static byte[] Encode(SpProtocol protocol)
    {
        byte[] header = new byte[Length];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(4), (ushort)protocol);
        return header;
    }

    /// <summary>Checks all eight bytes of a peer's header.</summary>
    /// <exception cref="WireException">The header is invalid, or its protocol is not the counterpart of <paramref name="own"/>.</exception>
    public static void Verify(ReadOnlySpan<byte> header, SpProtocol own)
    {
        if (!header[..4].SequenceEqual(Magic) || header[6] != 0 || header[7] != 0)
        {
            throw new WireException(
                $"The peer's connection header is {Convert.ToHexString(header)}, which is not a scalability protocol header.");
        }

        ushort peer = BinaryPrimitives.ReadUInt16BigEndian(header[4..]);
        if (peer != (ushort)PeerOf(own))
        {
            throw new WireException(
                $"The peer is a {Name(peer)} socket; a {Name((ushort)own)} socket needs a {Name((ushort)PeerOf(own))} socket.");
        }
    }

    /// <summary>Returns the counterpart of <paramref name="protocol"/>.</summary>
    public static SpProtocol PeerOf(SpProtocol protocol) => protocol switch
    {
        SpProtocol.Pub => SpProtocol.Sub,
        SpProtocol.Sub => SpProtocol.Pub,
        SpProtocol.Req => SpProtocol.Rep,
        SpProtocol.Rep => SpProtocol.Req,
        SpProtocol.Push => SpProtocol.Pull,
        SpProtocol.Pull => SpProtocol.Push,
        _ => throw new ArgumentOutOfRangeException(nameof(protocol), protocol, "Unknown protocol."),
    };

    private static string Name(ushort protocol) =>
        Enum.IsDefined((SpProtocol)protocol) ? ((SpProtocol)protocol).ToString().ToUpperInvariant() : $"0x{protocol:X4}";
}
