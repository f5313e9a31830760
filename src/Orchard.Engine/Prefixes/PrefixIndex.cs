using System.Runtime.InteropServices;

namespace Orchard.Engine.Prefixes;

/// <summary>Finds the file whose tokens have the longest prefix in common with a prompt. Immutable, and so thread-safe.</summary>
/// <remarks>
/// By hashes of blocks of tokens, each of which depends on all blocks before, so that a search takes time in proportion to the prompt and
/// not to the number of files. The hashes are never stored; tokens are compared before a file is used.
/// </remarks>
internal sealed class PrefixIndex
{
    /// <summary>Tokens that belong to no whole block are found only together with the blocks before.</summary>
    public const int BlockTokens = 64;

    private readonly Dictionary<(int Block, int Hash), List<StoredPrefix>> _byBlock = [];
    private readonly bool _isWhole;

    /// <param name="files">The files.</param>
    /// <param name="isWhole">Whether only all tokens of a file can be used.</param>
    public PrefixIndex(IReadOnlyCollection<StoredPrefix> files, bool isWhole)
    {
        Files = files;
        _isWhole = isWhole;

        // The shortest first: of files with the same beginning, it is read in the shortest time.
        foreach (StoredPrefix file in files.OrderBy(static file => file.Tokens.Length))
        {
            Add(file);
        }
    }

    /// <summary>The files.</summary>
    public IReadOnlyCollection<StoredPrefix> Files { get; }

    /// <summary>Returns the best file for a prompt, or null.</summary>
    /// <param name="key">What the state of the file must depend on.</param>
    /// <param name="prompt">The prompt, or the tokens that a slot holds.</param>
    /// <param name="tokens">How many tokens of the prompt are in the file and can be used.</param>
    public StoredPrefix? Find(string key, ReadOnlySpan<int> prompt, out int tokens)
    {
        Span<int> hashes = stackalloc int[prompt.Length / BlockTokens <= 512 ? prompt.Length / BlockTokens : 0];
        hashes = hashes.IsEmpty ? new int[prompt.Length / BlockTokens] : hashes;
        Hash(key, prompt, hashes);
        for (int block = hashes.Length - 1; block >= 0; block--)
        {
            if (_byBlock.TryGetValue((block, hashes[block]), out List<StoredPrefix>? candidates)
                && Best(candidates, key, prompt, out tokens) is { } best)
            {
                return best;
            }
        }

        tokens = 0;
        return null;
    }

    private void Add(StoredPrefix file)
    {
        int[] hashes = new int[file.Tokens.Length / BlockTokens];
        Hash(file.Key, file.Tokens, hashes);
        for (int block = _isWhole ? Math.Max(0, hashes.Length - 1) : 0; block < hashes.Length; block++)
        {
            ref List<StoredPrefix>? files = ref CollectionsMarshal.GetValueRefOrAddDefault(_byBlock, (block, hashes[block]), out _);
            files ??= new List<StoredPrefix>(1);
            if (_isWhole || files.Count == 0)
            {
                files.Add(file);
            }
        }
    }

    private StoredPrefix? Best(List<StoredPrefix> candidates, string key, ReadOnlySpan<int> prompt, out int tokens)
    {
        StoredPrefix? best = null;
        tokens = 0;
        foreach (StoredPrefix candidate in candidates)
        {
            int common = prompt.CommonPrefixLength(candidate.Tokens);
            if (candidate.Key == key && common > tokens && (!_isWhole || common == candidate.Tokens.Length))
            {
                best = candidate;
                tokens = common;
            }
        }

        return best;
    }

    private static void Hash(string key, ReadOnlySpan<int> tokens, Span<int> hashes)
    {
        int previous = key.GetHashCode(StringComparison.Ordinal);
        for (int block = 0; block < hashes.Length; block++)
        {
            var hash = default(HashCode);
            hash.Add(previous);
            hash.AddBytes(MemoryMarshal.AsBytes(tokens.Slice(block * BlockTokens, BlockTokens)));
            hashes[block] = previous = hash.ToHashCode();
        }
    }
}
