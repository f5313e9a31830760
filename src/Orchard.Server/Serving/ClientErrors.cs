using Orchard.Server.Errors;

namespace Orchard.Server.Serving;

/// <summary>What clients are told about exceptions: what <see cref="ErrorMapping"/> says, without paths of this machine. Pure.</summary>
internal static class ClientErrors
{
    /// <summary>Returns the error for a client.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="model">The model of the request; null if none was found.</param>
    /// <param name="prompt">Where the prompt of the request is.</param>
    public static ApiError Of(Exception exception, ServedModel? model, PromptField prompt)
    {
        ApiError error = ErrorMapping.Of(exception, prompt);
        return exception is OrchardException or ArgumentException
            ? error with { Message = Conceal(error.Message, exception, model) }
            : error;
    }

    private static string Conceal(string text, Exception exception, ServedModel? model)
    {
        string renamed = model?.Conceal(text) ?? text;
        return MayQuoteTheClient(exception) ? renamed : ServerPaths.WithoutFolders(renamed, model?.Requested);
    }

    // What looks like a path in their texts may be a part of the request.
    private static bool MayQuoteTheClient(Exception exception) => exception is ArgumentException or ChatTemplateException
        or UnsupportedSchemaException or StructuredOutputException or RequestRejectedException;
}
