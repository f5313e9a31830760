using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Orchard.Engine.Native;
using Orchard.Protocol.Files;

namespace Orchard.Engine.Prefixes;

/// <summary>Reads and writes files with the state of a model after some tokens.</summary>
/// <remarks>
/// <code>
/// offset  bytes
///      0      8  "ORCHPFX1"
///      8      4  number of tokens, little-endian as all numbers
///     12      4  0
///     16      8  bytes of the state
///     24     32  key: SHA-256 of the model and of all settings that the state depends on
///     56     32  SHA-256 of the state
///     88     32  SHA-256 of the 88 bytes before and of the tokens
///    120         tokens, 4 bytes each; then the state, up to the end of the file
/// </code>
/// Nothing in a file is used before its digest was compared: the native library trusts the sizes in a state.
/// </remarks>
internal static class PrefixFile
{
    /// <summary>Most tokens of a file.</summary>
    public const int MaxTokens = 1 << 22;

    private const int DigestBytes = SHA256.HashSizeInBytes;
    private const int CountOffset = 8;
    private const int StateBytesOffset = 16;
    private const int KeyOffset = 24;
    private const int StateDigestOffset = KeyOffset + DigestBytes;
    private const int HeadDigestOffset = StateDigestOffset + DigestBytes;
    private const int ChunkBytes = 1 << 20;

    private static int _unfinished;

    private static ReadOnlySpan<byte> Magic => "ORCHPFX1"u8;

    // What all versions of the format begin with. Then follows a digit.
    private static ReadOnlySpan<byte> Family => "ORCHPFX"u8;

    /// <summary>Reads the tokens of a file, and what its state must be.</summary>
    /// <exception cref="InvalidDataException">It is another kind of file, damaged or truncated.</exception>
    /// <exception cref="IOException">It cannot be read, or another release of the engine has written it.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not read it.</exception>
    public static StoredPrefix ReadHead(string path)
    {
        using SafeFileHandle file = Open(path);
        return ReadHead(file, path);
    }

    /// <summary>Reads the state of a file whose tokens were read before. The caller owns it.</summary>
    /// <remarks>
    /// Another engine that has computed the same tokens may have replaced the file, with a state that differs in its last bits. So the
    /// state is compared with the head that is beside it now.
    /// </remarks>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="IOException">It cannot be read, or has other tokens by now.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not read it.</exception>
    /// <exception cref="OutOfMemoryException">There is not enough memory.</exception>
    public static NativeBuffer ReadState(StoredPrefix prefix)
    {
        using SafeFileHandle file = Open(prefix.Path);
        StoredPrefix current = ReadHead(file, prefix.Path);
        if (current.Key != prefix.Key || !current.Tokens.AsSpan().SequenceEqual(prefix.Tokens))
        {
            throw new IOException($"'{prefix.Path}' cannot be used: it has other tokens by now.");
        }

        var state = new NativeBuffer(current.StateBytes);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (long start = 0; start < state.Length; start += ChunkBytes)
            {
                Span<byte> chunk = ChunkOf(state, start);
                Read(file, chunk, current.StateStart + start, current.Path);
                hash.AppendData(chunk);
            }

            return hash.GetHashAndReset().AsSpan().SequenceEqual(current.StateDigest)
                ? state
                : throw Damaged(current.Path, "its state does not have its digest");
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    /// <summary>Writes a file that only this user can read. The file gets its name when it is complete.</summary>
    /// <param name="path">Absolute path. A file that exists is replaced.</param>
    /// <param name="key">What the state depends on, as a SHA-256 in hexadecimal.</param>
    /// <param name="tokens">The tokens.</param>
    /// <param name="state">The state.</param>
    /// <param name="beforeChunk">Called before each megabyte. May wait, or throw to give up.</param>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not write there.</exception>
    public static StoredPrefix Write(string path, string key, int[] tokens, NativeBuffer state, Action beforeChunk)
    {
        string unfinished = UnfinishedPathOf(path);
        try
        {
            StoredPrefix written;
            using (FileStream file = PrivateFile.Open(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite))
            {
                written = Write(file.SafeFileHandle, path, key, tokens, state, beforeChunk);
            }

            File.Move(unfinished, path, overwrite: true);
            return written;
        }
        catch
        {
            TryDelete(unfinished);
            throw;
        }
    }

    /// <summary>Returns a path beside a file, to write it. No other write uses it.</summary>
    public static string UnfinishedPathOf(string path) =>
        $"{path}.{Environment.ProcessId}-{Interlocked.Increment(ref _unfinished)}{PrefixFiles.UnfinishedExtension}";

    /// <summary>Deletes a file if that is possible.</summary>
    public static bool TryDelete(string path)
    {
        try
        {
            File.Delete(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static StoredPrefix Write(
        SafeFileHandle file, string path, string key, int[] tokens, NativeBuffer state, Action beforeChunk)
    {
        byte[] header = new byte[StoredPrefix.HeaderBytes];
        long stateStart = StoredPrefix.HeaderBytes + ((long)tokens.Length * sizeof(int));
        using (var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
        {
            for (long start = 0; start < state.Length; start += ChunkBytes)
            {
                beforeChunk();
                Span<byte> chunk = ChunkOf(state, start);
                RandomAccess.Write(file, chunk, stateStart + start);
                hash.AppendData(chunk);
            }

            hash.GetHashAndReset(header.AsSpan(StateDigestOffset));
        }

        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(CountOffset), tokens.Length);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(StateBytesOffset), state.Length);
        Convert.FromHexString(key).CopyTo(header, KeyOffset);
        DigestOfHead(header, tokens).CopyTo(header, HeadDigestOffset);
        RandomAccess.Write(file, MemoryMarshal.AsBytes(tokens.AsSpan()), StoredPrefix.HeaderBytes);
        RandomAccess.Write(file, header, 0);
        return new StoredPrefix
        {
            Path = path,
            Key = key,
            Tokens = tokens,
            StateBytes = state.Length,
            StateDigest = header[StateDigestOffset..HeadDigestOffset],
        };
    }

    private static StoredPrefix ReadHead(SafeFileHandle file, string path)
    {
        long length = RandomAccess.GetLength(file);
        byte[] header = new byte[StoredPrefix.HeaderBytes];
        Read(file, header, 0, path);
        if (header.AsSpan().StartsWith(Family) && header[Family.Length] is >= (byte)'2' and <= (byte)'9')
        {
            throw new IOException($"'{path}' cannot be used: another release of the engine has written it.");
        }

        int count = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(CountOffset));
        long stateBytes = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(StateBytesOffset));
        if (!header.AsSpan().StartsWith(Magic)
            || count is < 1 or > MaxTokens
            || stateBytes < 1
            || length - StoredPrefix.HeaderBytes - ((long)count * sizeof(int)) != stateBytes)
        {
            throw Damaged(path, "it has another format or length");
        }

        int[] tokens = new int[count];
        Read(file, MemoryMarshal.AsBytes(tokens.AsSpan()), StoredPrefix.HeaderBytes, path);
        if (!DigestOfHead(header, tokens).AsSpan().SequenceEqual(header.AsSpan(HeadDigestOffset))
            || tokens.AsSpan().ContainsAnyExceptInRange(0, int.MaxValue))
        {
            throw Damaged(path, "its tokens do not have their digest");
        }

        return new StoredPrefix
        {
            Path = path,
            Key = Convert.ToHexStringLower(header.AsSpan(KeyOffset, DigestBytes)),
            Tokens = tokens,
            StateBytes = stateBytes,
            StateDigest = header[StateDigestOffset..HeadDigestOffset],
        };
    }

    private static Span<byte> ChunkOf(NativeBuffer state, long start) =>
        state.Slice(start, (int)Math.Min(ChunkBytes, state.Length - start));

    private static byte[] DigestOfHead(byte[] header, int[] tokens)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header.AsSpan(0, HeadDigestOffset));
        hash.AppendData(MemoryMarshal.AsBytes(tokens.AsSpan()));
        return hash.GetHashAndReset();
    }

    private static SafeFileHandle Open(string path) =>
        File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);

    private static void Read(SafeFileHandle file, Span<byte> destination, long offset, string path)
    {
        while (!destination.IsEmpty)
        {
            int read = RandomAccess.Read(file, destination, offset);
            if (read == 0)
            {
                throw Damaged(path, "it is truncated");
            }

            destination = destination[read..];
            offset += read;
        }
    }

    private static InvalidDataException Damaged(string path, string reason) => new($"'{path}' cannot be used: {reason}.");
}
