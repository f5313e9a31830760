using System.Text.RegularExpressions;
using Orchard.Server.Errors;

namespace Orchard.Server.Models;

/// <summary>The names of models of the hub, which is the one that the server is configured for.</summary>
internal static partial class HubNames
{
    private const string Host = "hf.co/"; // some of Ollama's clients prepend it

    /// <summary>Whether a name has the form of a model of the hub.</summary>
    public static bool Is(string name) => Form().IsMatch(name);

    /// <summary>Returns the name of a model to download or delete.</summary>
    /// <param name="options">What is allowed.</param>
    /// <param name="requested">The name in the request.</param>
    /// <exception cref="ApiException">Downloads are not allowed, or no model of the hub has such a name.</exception>
    public static string Require(OrchardServerOptions options, string? requested)
    {
        if (!options.AllowDownloads)
        {
            throw new ApiException(new ApiError
            {
                Status = StatusCodes.Status403Forbidden,
                Code = "downloads_not_allowed",
                Message = "This server is configured not to download or delete models.",
            });
        }

        string name = requested ?? throw ApiException.Invalid("model", "is missing; it must name a model");
        name = name.StartsWith(Host, StringComparison.OrdinalIgnoreCase) ? name[Host.Length..] : name;
        return Is(name)
            ? name
            : throw ApiException.Invalid(
                "model", $"is '{name}'; allowed is a name of the hub, such as 'owner/repository' or 'owner/repository:tag'");
    }

    [GeneratedRegex(@"^[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*(@[\w./-]+)?(:[\w./-]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
