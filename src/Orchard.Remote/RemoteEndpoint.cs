using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Orchard.Models.Sources;
using Orchard.Remote.Configuration;

namespace Orchard.Remote;

/// <summary>
/// A server with OpenAI's API, or several that serve the same models. Add it to <see cref="ClientOptions.Sources"/>; a call to a model
/// <c>name/model</c> then goes to it. Can be bound from configuration.
/// </summary>
/// <remarks>
/// Calls behave as with a model of this machine: the same parts, usage, tool calls and exceptions. A request is sent again, to another of
/// the addresses if there are several, as long as no part of its answer has arrived, unless
/// <see cref="ClientOptions.ReplayUnansweredCalls"/> is false. Read when the client is created; later changes have no effect. Not
/// thread-safe while it is being changed.
/// </remarks>
public sealed class RemoteEndpoint : ModelSource, IModelSource
{
    private static readonly TimeSpan ShortestConnectTimeout = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestConnectTimeout = TimeSpan.FromMinutes(10);

    // No properties: the binding of configuration would include them.
    private readonly X509Certificate2Collection _trusted = [];
    private X509Certificate2? _clientCertificate;

    /// <summary>
    /// Address of the server: its root, such as <c>https://models.example</c>, or the address of its API, such as
    /// <c>https://models.example/openai/v1</c>. Required.
    /// </summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>
    /// Addresses of further servers with the same models (default: none). A conversation stays with one server, whose prefix cache has its
    /// earlier turns; new conversations go to the server with the fewest requests of this client. A server that fails is left out for
    /// 1 to 30 seconds.
    /// </summary>
    public IList<Uri> Replicas { get; } = [];

    /// <summary>Key that is sent as a bearer token (default: null, none). Never logged, and never part of a message.</summary>
    public string? ApiKey { get; set; }

    /// <summary>
    /// Whether <see cref="ApiKey"/> may be sent over unencrypted HTTP to another machine, where others can read it (default: false).
    /// </summary>
    public bool AllowInsecureApiKey { get; set; }

    /// <summary>
    /// Path of a PEM file with the authorities whose certificates the servers may have, such as that of a cluster, instead of those that
    /// this machine trusts (default: null, those of the machine). Read when the client is created.
    /// </summary>
    /// <seealso cref="TrustCertificate"/>
    public string? TrustedCertificateFile { get; set; }

    /// <summary>
    /// Path of a PEM file with the certificate by which servers identify this client, followed by those of its issuers, if any (default:
    /// null, none). Read when the client is created.
    /// </summary>
    /// <seealso cref="UseClientCertificate"/>
    public string? ClientCertificateFile { get; set; }

    /// <summary>
    /// Path of a PEM file with the private key of <see cref="ClientCertificateFile"/>, not encrypted (default: null, the key is in the
    /// same file).
    /// </summary>
    public string? ClientCertificateKeyFile { get; set; }

    /// <summary>The server's names of models, by the names to use in calls (default: none, the names are the same).</summary>
    public IDictionary<string, string> Models { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The kind of the server, which determines the options that it supports (default: <see cref="RemoteKind.Auto"/>).</summary>
    public RemoteKind Kind { get; set; }

    /// <summary>
    /// Whether options that the server does not support are left out, and listed in <see cref="ChatResult.IgnoredOptions"/> (default:
    /// false, such a call fails with a <see cref="NotSupportedException"/> before anything is sent). Several answers to one conversation
    /// are refused nevertheless where the server gives one.
    /// </summary>
    public bool BestEffort { get; set; }

    /// <summary>
    /// Whether sampling options that are null are left to the server (default: false, the defaults that <see cref="GenerationOptions"/>
    /// documents are sent, as far as the server has such options). Set it to true for values that the server's operator has chosen, and for
    /// models that accept none, such as OpenAI's reasoning models.
    /// </summary>
    public bool UseServerSampling { get; set; }

    /// <summary>The longest time to connect, 1 ms to 10 minutes (default: 5 s).</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The most requests of one call at the same time, 1 to 1,024 (default: 64). A batch is one request per conversation; the others wait.
    /// </summary>
    public int MaxConcurrentRequests { get; set; } = 64;

    /// <summary>
    /// Adds an authority whose certificates the servers may have. As with <see cref="TrustedCertificateFile"/>, those of the machine do not
    /// count then.
    /// </summary>
    /// <param name="certificate">The certificate of the authority. Must not be disposed before the client.</param>
    /// <exception cref="ArgumentNullException"><paramref name="certificate"/> is null.</exception>
    public void TrustCertificate(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        _trusted.Add(certificate);
    }

    /// <summary>
    /// Sets the certificate by which servers identify this client; <see cref="ClientCertificateFile"/> must be null then.
    /// </summary>
    /// <param name="certificate">The certificate with its private key. Must not be disposed before the client.</param>
    /// <exception cref="ArgumentNullException"><paramref name="certificate"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="certificate"/> has no private key.</exception>
    public void UseClientCertificate(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        if (!certificate.HasPrivateKey)
        {
            throw new ArgumentException(
                $"The client certificate '{certificate.Subject}' of '{Name}' has no private key.", nameof(certificate));
        }

        _clientCertificate = certificate;
    }

    internal override ModelSource Copy()
    {
        var copy = new RemoteEndpoint
        {
            Name = Name,
            BaseAddress = BaseAddress,
            ApiKey = ApiKey,
            AllowInsecureApiKey = AllowInsecureApiKey,
            TrustedCertificateFile = TrustedCertificateFile,
            _clientCertificate = _clientCertificate,
            ClientCertificateFile = ClientCertificateFile,
            ClientCertificateKeyFile = ClientCertificateKeyFile,
            Kind = Kind,
            BestEffort = BestEffort,
            UseServerSampling = UseServerSampling,
            ConnectTimeout = ConnectTimeout,
            MaxConcurrentRequests = MaxConcurrentRequests,
        };
        copy._trusted.AddRange(_trusted);
        foreach (Uri address in Replicas)
        {
            copy.Replicas.Add(address);
        }

        foreach ((string name, string model) in Models)
        {
            copy.Models.Add(name, model);
        }

        return copy;
    }

    internal override void Validate()
    {
        base.Validate();
        Require(BaseAddress is not null, nameof(BaseAddress), "is missing; set it to the address of the server");
        foreach (Uri? address in Replicas.Prepend(BaseAddress))
        {
            CheckAddress(address);
        }

        Require(Enum.IsDefined(Kind), nameof(Kind), $"is {Kind}, which is not a kind of server");
        Require(
            ConnectTimeout >= ShortestConnectTimeout && ConnectTimeout <= LongestConnectTimeout,
            nameof(ConnectTimeout),
            $"is {ConnectTimeout}; allowed is {ShortestConnectTimeout} to {LongestConnectTimeout}");
        Require(
            MaxConcurrentRequests is >= 1 and <= 1024,
            nameof(MaxConcurrentRequests),
            string.Create(CultureInfo.InvariantCulture, $"is {MaxConcurrentRequests}; allowed is 1 to 1024"));
        Require(
            Models.All(static pair => !string.IsNullOrWhiteSpace(pair.Key) && !string.IsNullOrWhiteSpace(pair.Value)),
            nameof(Models),
            "has a blank name");
        Require(
            ApiKey is null || (ApiKey.Length > 0 && ApiKey.All(static letter => letter is > ' ' and < '\x7f')),
            nameof(ApiKey),
            "is empty, or has characters that a header cannot contain");
        Require(
            _clientCertificate is null || ClientCertificateFile is null,
            nameof(ClientCertificateFile),
            $"is set, although {nameof(UseClientCertificate)} was called; use one of them");
        Require(
            ClientCertificateKeyFile is null || ClientCertificateFile is not null,
            nameof(ClientCertificateKeyFile),
            $"is set without {nameof(ClientCertificateFile)}");
    }

    /// <inheritdoc/>
    IModelProvider IModelSource.Open(SourceContext context) => new RemoteProvider(
        new EndpointSettings
        {
            Name = Name,
            Addresses = [.. Replicas.Prepend(BaseAddress!).Select(static address => new ServerAddress(address))],
            ApiKey = ApiKey,
            Tls = new TlsSettings(
                new CertificateFiles(Name, TrustedCertificateFile, ClientCertificateFile, ClientCertificateKeyFile),
                _trusted,
                _clientCertificate),
            Models = new Dictionary<string, string>(Models, StringComparer.OrdinalIgnoreCase),
            Kind = Kind,
            BestEffort = BestEffort,
            UseServerSampling = UseServerSampling,
            ConnectTimeout = ConnectTimeout,
            MaxConcurrentRequests = MaxConcurrentRequests,
        },
        context);

    private void CheckAddress(Uri? address)
    {
        const string name = nameof(BaseAddress);
        Require(address is { IsAbsoluteUri: true }, name, "has an address that is not absolute, such as http://host:8000");
        Require(
            address!.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps,
            name,
            $"has the scheme '{address.Scheme}'; allowed is http or https");
        Require(address.UserInfo.Length == 0, name, $"has a user name; set {nameof(ApiKey)} instead");
        Require(
            address.Query.Length == 0 && address.Fragment.Length == 0, name, "has a query or a fragment; leave out what follows the path");
        Require(
            ApiKey is null || AllowInsecureApiKey || address.Scheme == Uri.UriSchemeHttps || address.IsLoopback,
            nameof(ApiKey),
            $"would be readable by others on the way to {address.Host}. Use https, or set {nameof(AllowInsecureApiKey)} to true in a "
            + "network that you trust");
    }

    private void Require(bool condition, string name, string problem)
    {
        if (!condition)
        {
            throw new ArgumentException($"{nameof(RemoteEndpoint)}.{name} of '{Name}' {problem}.", name);
        }
    }
}
