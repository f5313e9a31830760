using System.Net;
using Orchard.Hub.Errors;
using Orchard.Hub.Files;
using Orchard.Hub.Settings;

namespace Orchard.Hub.Transfer;

/// <summary>Converts responses of the hub that refuse a request to exceptions.</summary>
internal static class ResponseErrors
{
    /// <exception cref="HubException">The hub refused access, or has no such repository, revision or file.</exception>
    /// <exception cref="HttpRequestException">Any other response that is no success.</exception>
    public static void ThrowIfRefused(HttpResponseMessage response, HubName name, HubSettings settings)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        string? code = response.Headers.TryGetValues("X-Error-Code", out IEnumerable<string>? values) ? values.FirstOrDefault() : null;
        var page = new Uri(settings.Endpoint, name.Repository);
        switch (response.StatusCode)
        {
            // The hub answers 401 for a repository that does not exist, so as not to say which private ones do.
            case HttpStatusCode.Unauthorized or HttpStatusCode.NotFound when code == "RepoNotFound":
                throw new HubException(
                    HubErrorKind.NotFound,
                    $"There is no repository '{name.Repository}' on {settings.Endpoint.Host}. Check the name; "
                    + $"if it is private, set a token in {settings.TokenSource}.");
            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden:
                throw new HubException(HubErrorKind.Access, AccessMessage(name, page, settings)) { Page = page };
            case HttpStatusCode.NotFound when code == "RevisionNotFound":
                throw new HubException(
                    HubErrorKind.NotFound, $"The repository '{name.Repository}' has no revision '{name.RevisionOrMain}'. Check {page}.");
            case HttpStatusCode.NotFound:
                throw new HubException(
                    HubErrorKind.NotFound, $"{settings.Endpoint.Host} does not have '{name}'. Check the name at {page}.");
            default:
                throw new HttpRequestException(
                    $"The response was {(int)response.StatusCode} {response.ReasonPhrase}.", null, response.StatusCode);
        }
    }

    private static string AccessMessage(HubName name, Uri page, HubSettings settings) => settings.Token is null
        ? $"The repository '{name.Repository}' requires an account. Accept its conditions at {page}, "
            + $"create a token for reading, and set it in {settings.TokenSource}."
        : $"The token has no access to the repository '{name.Repository}'. Accept its conditions at {page} with the account of the token. "
            + $"The token was read from {settings.TokenSource}.";
}
