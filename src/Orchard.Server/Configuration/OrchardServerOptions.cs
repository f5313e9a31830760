namespace Orchard.Server;

/// <summary>Settings of the HTTP endpoints.</summary>
/// <remarks>Can be bound from configuration. Read when the endpoints are mapped; later changes have no effect.</remarks>
public sealed class OrchardServerOptions
{
    /// <summary>Name of the configuration section that is bound by default: <c>Orchard:Server</c>.</summary>
    public const string SectionName = "Orchard:Server";

    /// <summary>
    /// Models to offer in addition to <c>starter</c> and the stored models of the hub (default: none): paths of GGUF files, or names of the
    /// hub.
    /// </summary>
    public IList<string> Models { get; } = [];

    /// <summary>
    /// Further names of models (default: none), for clients that ask for fixed names. The value is the model that serves the name.
    /// </summary>
    public IDictionary<string, string> Aliases { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Model of requests that name none (default: null, such a request is refused).</summary>
    public string? DefaultModel { get; set; }

    /// <summary>
    /// Whether a request can name any file of this machine as a model or LoRA adapter (default: false, only <see cref="Models"/>).
    /// </summary>
    public bool AllowFilePaths { get; set; }

    /// <summary>
    /// Whether a request can download a model from the configured hub, with <c>/api/pull</c> (default: true), and delete one.
    /// </summary>
    public bool AllowDownloads { get; set; } = true;

    /// <summary>
    /// Whether browsers get a page at <c>/</c>, on which to chat with the models (default: true). The page itself needs no key; what it
    /// asks of the server does.
    /// </summary>
    public bool ServePage { get; set; } = true;

    /// <summary>
    /// Keys of which a request must have one, as <c>Authorization: Bearer</c>, <c>X-Api-Key</c> or <c>Api-Key</c> (default: none). Keys
    /// from <see cref="ApiKeyFile"/> and the environment variable <c>ORCHARD_API_KEYS</c>, separated by commas, are added. Without a key,
    /// only requests to a loopback address are served.
    /// </summary>
    public IList<string> ApiKeys { get; } = [];

    /// <summary>Path of a file with a key on each line (default: null, none). Lines that begin with <c>#</c> are comments.</summary>
    public string? ApiKeyFile { get; set; }

    /// <summary>
    /// Host names by which the server can be addressed without a key, in addition to <c>localhost</c> and IP addresses (default: none).
    /// Others are refused, so that no web page can reach the server by rebinding its own name.
    /// </summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>
    /// Origins of web pages that can send requests, such as <c>https://chat.example</c>, or <c>*</c> for any (default: none).
    /// </summary>
    public IList<string> CorsOrigins { get; } = [];

    /// <summary>Largest body of a request in bytes (default: 32 MiB). A larger one is refused with 413.</summary>
    public long MaxRequestBytes { get; set; } = 32 << 20;

    /// <summary>
    /// Number of requests that are served at the same time (default: 4,096). Further ones are refused with 503; the engine queues those
    /// that are served until there is a free slot.
    /// </summary>
    public int MaxRequests { get; set; } = 4096;

    /// <summary>
    /// Number of requests of one API key, or without keys of one address, that are served at the same time (default: null, no limit).
    /// Further ones are refused with 429.
    /// </summary>
    public int? MaxRequestsPerCaller { get; set; }

    /// <summary>
    /// Time that the requests being served have to end when the application stops (default: 25 s, which is within the 30 s that Kubernetes
    /// and .NET's host give a process by default). Meanwhile the server refuses further requests with 503, and is not ready. Those that
    /// have not ended by then end with an error; zero ends them at once. The time that the host waits for the application to stop is
    /// extended accordingly.
    /// </summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>
    /// Whether <c>/metrics</c> needs no API key and is served to other machines (default: false), for gateways that cannot send a key. The
    /// metrics have the names of models, and no prompts.
    /// </summary>
    public bool AllowAnonymousMetrics { get; set; }

    /// <summary>Number of responses of the Responses API that are kept in memory (default: 256). The oldest are dropped.</summary>
    public int StoredResponses { get; set; } = 256;

    /// <summary>
    /// Time without output after which a stream sends a comment, so that clients do not give up while a model is loaded or a long prompt is
    /// computed (default: 10 s).
    /// </summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Time that a stream waits for its first part before it sends its headers (default: 1 s). An error within this time has its own status
    /// code; a later one is sent in the stream.
    /// </summary>
    public TimeSpan HeaderDelay { get; set; } = TimeSpan.FromSeconds(1);
}
