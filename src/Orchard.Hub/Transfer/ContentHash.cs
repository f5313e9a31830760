using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Orchard.Hub.Files;

namespace Orchard.Hub.Transfer;

/// <summary>Computes the id of a content: SHA-256 for large files, the git object id for others.</summary>
[SuppressMessage("Security", "CA5350", Justification = "Git names its objects by SHA-1.")]
internal sealed class ContentHash : IDisposable
{
    private const int Sha256Digits = 64;

    private readonly HubFile _file;
    private readonly IncrementalHash _hash;

    public ContentHash(HubFile file)
    {
        _file = file;
        _hash = IncrementalHash.CreateHash(IsSha256 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1);
        Reset();
    }

    private bool IsSha256 => _file.Id!.Length == Sha256Digits;

    public void Dispose() => _hash.Dispose();

    public void Append(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);

    /// <summary>Starts again.</summary>
    public void Reset()
    {
        _hash.GetHashAndReset();
        if (!IsSha256)
        {
            _hash.AppendData(Encoding.ASCII.GetBytes($"blob {_file.Size}\0"));
        }
    }

    /// <summary>Whether everything appended so far is the content.</summary>
    public bool IsMatch() => Convert.ToHexStringLower(_hash.GetHashAndReset()) == _file.Id;

    /// <summary>Appends a file from its start.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="onRead">Receives the number of bytes read so far.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task AppendAsync(Stream stream, Action<long> onRead, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[1 << 20];
        long length = stream.Length;
        for (long total = 0; total < length;)
        {
            int count = (int)Math.Min(buffer.Length, length - total);
            await stream.ReadExactlyAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            Append(buffer.AsSpan(0, count));
            total += count;
            onRead(total);
        }
    }
}
