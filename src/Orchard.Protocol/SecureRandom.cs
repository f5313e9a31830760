using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Orchard.Protocol;

/// <summary>
/// Random numbers that cannot be guessed, from the operating system. On Unix, <see cref="RandomNumberGenerator"/> loads OpenSSL, which
/// takes longer than the rest of a handshake; a new GUID has its bits from the generator of the system there.
/// </summary>
internal static class SecureRandom
{
    private const int GuidBytes = 16;

    /// <summary>Returns 64 random bits.</summary>
    public static ulong Next64()
    {
        Span<byte> bytes = stackalloc byte[GuidBytes];
        if (OperatingSystem.IsWindows())
        {
            RandomNumberGenerator.Fill(bytes);
        }
        else
        {
            Guid.NewGuid().TryWriteBytes(bytes);
        }

        // The first and the last four bytes of a GUID are random; its version and its variant are between them.
        ulong first = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        ulong last = BinaryPrimitives.ReadUInt32LittleEndian(bytes[^sizeof(uint)..]);
        return (last << 32) | first;
    }

    /// <summary>Returns a number from 1 to 2³¹ - 1.</summary>
    public static uint Next31()
    {
        uint number;
        do
        {
            number = (uint)Next64() >> 1;
        }
        while (number == 0);
        return number;
    }
}
