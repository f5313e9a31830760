using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Orchard.Server.Page;

/// <summary>A file of the page. Immutable; thread-safe.</summary>
/// <param name="contentType">Its type.</param>
/// <param name="content">Its content.</param>
internal sealed class PageAsset(string contentType, byte[] content)
{
    // Whatever a model writes, only the page's own scripts run, and they reach only this server.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private readonly EntityTagHeaderValue _tag = new($"\"{Convert.ToHexString(SHA256.HashData(content), 0, 12)}\"");

    /// <summary>Answers a request with the file, or says that the browser has it already.</summary>
    public Task SendAsync(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.CacheControl = "no-cache"; // the next version of the server has other files
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return TypedResults.Bytes(content, contentType, entityTag: _tag).ExecuteAsync(context);
    }
}
