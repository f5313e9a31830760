using Orchard.Server.Errors;

namespace Orchard.Server.Serving;

/// <summary>Logs why requests failed, with what the client is not told. Prompts may be quoted in refusals, which are not logged.</summary>
internal static partial class Failures
{
    /// <summary>Logs an exception, and returns the error for the client.</summary>
    /// <param name="served">The request.</param>
    /// <param name="exception">The exception that ended it.</param>
    public static ApiError Report(Served served, Exception exception)
    {
        ApiError error = ClientErrors.Of(exception, served.Model, served.Prompt);
        ILogger logger = served.Get<ILoggerFactory>().CreateLogger("Orchard.Server.Requests");
        string path = served.Http.Request.Path;
        if (error.Status == StatusCodes.Status500InternalServerError)
        {
            LogFailure(logger, path, exception);
        }
        else if (error.Status > StatusCodes.Status500InternalServerError && exception is OrchardException)
        {
            LogTrouble(logger, path, exception.Message);
        }
        else if (exception is OrchardException && served.Model is { } model)
        {
            LogRefusal(logger, path, error.Code, model.Requested, model.Path);
        }

        return error;
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "A request to {Path} failed.")]
    private static partial void LogFailure(ILogger logger, string path, Exception exception);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "A request to {Path} could not be served. {Reason}")]
    private static partial void LogTrouble(ILogger logger, string path, string reason);

    [LoggerMessage(
        EventId = 3, Level = LogLevel.Information, Message = "A request to {Path} was refused ({Code}). The model '{Model}' is '{File}'.")]
    private static partial void LogRefusal(ILogger logger, string path, string? code, string model, string file);
}
