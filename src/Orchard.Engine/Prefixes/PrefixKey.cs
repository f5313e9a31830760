using System.Security.Cryptography;
using System.Text;
using Orchard.Engine.Inference;

namespace Orchard.Engine.Prefixes;

/// <summary>What the state of a model depends on beside the tokens.</summary>
/// <param name="ModelDigest">Identifies the content of the model's files.</param>
/// <param name="Configuration">The release of the library, and all settings that the state or its format depend on.</param>
internal sealed record PrefixKey(string ModelDigest, string Configuration)
{
    private readonly string _plain = KeyOf(ModelDigest, Configuration, "");

    /// <summary>Absolute path of the model's file, by which it is seen later that the model was removed.</summary>
    public required string ModelPath { get; init; }

    /// <summary>Returns the key for a set of adapters, as a SHA-256 in hexadecimal; null if their content is not known.</summary>
    public string? With(AdapterSet? adapters) =>
        adapters is null ? _plain
        : adapters.ContentKey is { } content ? KeyOf(ModelDigest, Configuration, content)
        : null;

    private static string KeyOf(string modelDigest, string configuration, string adapters) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{modelDigest}\n{configuration}\n{adapters}")));
}
