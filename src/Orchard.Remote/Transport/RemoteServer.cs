using Orchard.Models.Sources;
using Orchard.Remote.Configuration;

namespace Orchard.Remote.Transport;

/// <summary>One server: its connections, its requests in flight, and whether it is left out because it failed. Thread-safe.</summary>
internal sealed class RemoteServer : IDisposable
{
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(30);

    private readonly HttpMessageInvoker _http;
    private readonly Circuit _circuit;
    private int _inFlight;

    /// <param name="address">The address.</param>
    /// <param name="settings">The endpoint.</param>
    /// <param name="time">The clock.</param>
    public RemoteServer(ServerAddress address, EndpointSettings settings, TimeProvider time)
    {
        Address = address;
        _circuit = new Circuit(time);
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // the key must not go elsewhere
            ConnectTimeout = settings.ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = PingDelay, // a dead connection fails its requests, rather than further ones, too
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            MaxResponseDrainSize = 0, // an answer that is not read to its end is one to stop: the connection is closed at once
            PooledConnectionLifetime = ConnectionLifetime, // names can get other addresses
            SslOptions = settings.Tls.ToOptions(),
            UseCookies = false,
            UseProxy = !address.IsLoopback,
        });
    }

    /// <summary>The address.</summary>
    public ServerAddress Address { get; }

    /// <summary>Number of requests of this client that the server has not answered in full.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Whether requests should go to other servers if possible.</summary>
    public bool IsLeftOut => _circuit.IsOpen;

    /// <summary>Sends a request, and returns as soon as the headers of the response are there.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _http.SendAsync(request, cancellationToken);

    /// <summary>Notes that a request begins.</summary>
    public void Enter()
    {
        Interlocked.Increment(ref _inFlight);
        _circuit.TryBegin();
    }

    /// <summary>Notes that a request has ended.</summary>
    public void Leave() => Interlocked.Decrement(ref _inFlight);

    /// <summary>Notes that the server answers.</summary>
    public void Succeed() => _circuit.Succeed();

    /// <summary>Notes that the server failed.</summary>
    /// <param name="begin">When the request began, as a timestamp of the clock.</param>
    /// <param name="error">Why it failed.</param>
    public void Fail(long begin, Exception error) => _circuit.Fail(begin, error);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
