using System.Security.Cryptography;
using System.Text;

namespace Orchard.Server.Security;

/// <summary>The API keys of the server, as digests. Immutable; thread-safe.</summary>
internal sealed class ApiKeys
{
    private const string Variable = "ORCHARD_API_KEYS";
    private const int NameLength = 12;

    private readonly byte[][] _digests;

    /// <param name="keys">The keys.</param>
    public ApiKeys(IEnumerable<string> keys) => _digests =
    [
        .. keys.Select(static key => key.Trim()).Where(static key => key.Length > 0).Distinct(StringComparer.Ordinal).Select(Digest),
    ];

    /// <summary>Whether a request needs a key.</summary>
    public bool AreRequired => _digests.Length > 0;

    /// <summary>Returns the keys of the options, of the file that they name and of the environment.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ApiKeys Read(OrchardServerOptions options) => new(
    [
        .. options.ApiKeys,
        .. options.ApiKeyFile is { } file
            ? File.ReadAllLines(file).Where(static line => !line.TrimStart().StartsWith('#'))
            : [],
        .. Environment.GetEnvironmentVariable(Variable)?.Split(',') ?? [],
    ]);

    /// <summary>Returns a name for the key of a request; null if it has none of this server's.</summary>
    public string? Find(HttpRequest request)
    {
        if (Given(request) is not { Length: > 0 } given)
        {
            return null;
        }

        byte[] digest = Digest(given);
        bool found = false;
        foreach (byte[] known in _digests)
        {
            found |= CryptographicOperations.FixedTimeEquals(known, digest); // compares all, so that time tells nothing
        }

        return found ? Convert.ToHexString(digest)[..NameLength] : null;
    }

    private static string? Given(HttpRequest request)
    {
        const string scheme = "Bearer ";
        string authorization = request.Headers.Authorization.ToString();
        return authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? authorization[scheme.Length..].Trim()
            : request.Headers["X-Api-Key"].ToString() is { Length: > 0 } key ? key
            : request.Headers["Api-Key"].ToString();
    }

    private static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
