using System.Net;
using System.Net.Http.Headers;
using Orchard.Hub.Errors;
using Orchard.Hub.Settings;

namespace Orchard.Hub.Transfer;

/// <summary>
/// Sends requests and follows their redirects. The access token goes to the hub's own address and nowhere else. Thread-safe.
/// </summary>
internal sealed class HubHttp : IDisposable
{
    private const int MaxRedirects = 8;

    private readonly Lazy<HttpClient> _client; // most programs never send a request
    private readonly HubSettings _settings;

    public HubHttp(HubSettings settings)
    {
        _settings = settings;
        _client = new Lazy<HttpClient>(() => CreateClient(settings));
    }

    public void Dispose()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }
    }

    /// <summary>Whether an address belongs to the hub itself.</summary>
    public bool IsHub(Uri uri) => Uri.Compare(
        uri, _settings.Endpoint, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;

    /// <summary>Sends a GET request and returns the first response that is no redirect, as soon as its headers have arrived.</summary>
    /// <exception cref="HttpRequestException">No usable response arrived.</exception>
    public async Task<HttpResponseMessage> GetAsync(Uri uri, RangeHeaderValue? range, CancellationToken cancellationToken)
    {
        for (int redirects = 0; redirects <= MaxRedirects; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, uri);
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
            request.Headers.Range = range;
            if (_settings.Token is { } token && IsHub(uri))
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            }

            HttpResponseMessage response =
                await _client.Value.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if (!IsRedirect(response.StatusCode) || response.Headers.Location is not { } location)
            {
                return response;
            }

            response.Dispose();
            var next = new Uri(uri, location);
            if (next.Scheme != Uri.UriSchemeHttps && (next.Scheme != Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps))
            {
                throw new HubException(
                    HubErrorKind.Download, $"'{uri.Host}' redirects to '{next}', which is not encrypted. It was not followed.");
            }

            uri = next;
        }

        throw new HubException(HubErrorKind.Download, $"'{_settings.Endpoint.Host}' redirects more than {MaxRedirects} times.");
    }

    private static HttpClient CreateClient(HubSettings settings)
    {
        var inner = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // it would be followed before the token is taken off
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = settings.ResponseTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,
        };
        var client = new HttpClient(new RetryingHandler(RetryPolicy.Create(settings), inner)) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("Orchard.NET", "0.1"));
        return client;
    }

    private static bool IsRedirect(HttpStatusCode status) => status
        is HttpStatusCode.MovedPermanently
        or HttpStatusCode.Found
        or HttpStatusCode.SeeOther
        or HttpStatusCode.TemporaryRedirect
        or HttpStatusCode.PermanentRedirect;
}
