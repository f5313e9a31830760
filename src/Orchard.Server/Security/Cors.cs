namespace Orchard.Server.Security;

/// <summary>Lets web pages of configured origins send requests. Immutable; thread-safe.</summary>
/// <param name="origins">The origins, or <c>*</c> for any.</param>
internal sealed class Cors(IEnumerable<string> origins)
{
    private readonly HashSet<string> _origins = new(origins.Select(static origin => origin.TrimEnd('/')), StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Whether a request is sent by no web page, or by a page that may: of a configured origin, or of this server. A page needs no headers
    /// to send a request whose answer it cannot read.
    /// </summary>
    public bool Allows(HttpRequest request)
    {
        string origin = request.Headers.Origin.ToString();
        return origin.Length == 0
            || IsConfigured(origin)
            || origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Adds the headers by which a browser lets a page read the response, if the page may.</summary>
    /// <returns>Whether the request only asks what it may do, so that the response is complete.</returns>
    public bool Apply(HttpContext http)
    {
        string origin = http.Request.Headers.Origin.ToString();
        if (origin.Length == 0 || !IsConfigured(origin))
        {
            return false;
        }

        IHeaderDictionary headers = http.Response.Headers;
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlExposeHeaders = "X-Orchard-Ignored, Retry-After";
        headers.Append("Vary", "Origin");
        if (!HttpMethods.IsOptions(http.Request.Method) || http.Request.Headers.AccessControlRequestMethod.Count == 0)
        {
            return false;
        }

        headers.AccessControlAllowMethods = "GET, POST, DELETE";
        headers.AccessControlAllowHeaders = http.Request.Headers.AccessControlRequestHeaders;
        headers.AccessControlMaxAge = "600";
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return true;
    }

    private bool IsConfigured(string origin) => _origins.Contains(origin) || _origins.Contains("*");
}
