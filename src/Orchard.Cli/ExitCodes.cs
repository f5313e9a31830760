namespace Orchard.Cli;

/// <summary>The exit codes of the command, which are part of its interface.</summary>
internal static class ExitCodes
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int Usage = 2;
    public const int ModelNotFound = 3;
    public const int AccessDenied = 4;
    public const int DownloadFailed = 5;
    public const int ModelFailed = 6;
    public const int EngineUnavailable = 7;
    public const int ProblemsFound = 8;

    /// <summary>Ctrl+C, as shells count it: 128 and the number of the signal.</summary>
    public const int Interrupted = 130;

    /// <summary>The exit codes as the help prints them.</summary>
    public const string Help =
        """
        Exit codes:
          0    success
          1    the call failed
          2    the command line is wrong, or a value in it is not allowed
          3    there is no such model
          4    the hub requires a token, or the acceptance of conditions
          5    the download failed; the next call continues it
          6    the model could not be loaded, does not fit, or is in use
          7    the engine could not be started, reached or stopped
          8    doctor has found problems
          130  interrupted with Ctrl+C

        """;

    /// <summary>Returns the exit code of an error that is not a fault of this program; null for others.</summary>
    public static int? Of(Exception error) => error switch
    {
        UsageException or ArgumentException => Usage,
        ModelNotFoundException => ModelNotFound,
        ModelAccessException => AccessDenied,
        ModelDownloadException => DownloadFailed,
        ModelLoadException or ModelMemoryException or ModelOptionsConflictException or ModelInUseException => ModelFailed,
        EngineNotFoundException or EngineStartException or EngineStopException or EngineNotTrustedException
            or EngineConnectionException => EngineUnavailable,
        OrchardException or IOException or UnauthorizedAccessException or TimeoutException => Failure,
        _ => null,
    };

    /// <summary>Returns the message of an error, without the name of a parameter, which means nothing to the user.</summary>
    public static string Describe(Exception error) => error is ArgumentException { ParamName: { } name }
        ? error.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal)
        : error.Message;
}
