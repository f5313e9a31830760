using System.Text.Json;
using Microsoft.Extensions.Options;
using Orchard.Server;

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
        UsageException or ArgumentException or OptionsValidationException => Usage,
        ModelNotFoundException => ModelNotFound,
        ModelAccessException => AccessDenied,
        ModelDownloadException => DownloadFailed,
        ModelLoadException or ModelMemoryException or ModelOptionsConflictException or ModelInUseException
            or DraftModelException => ModelFailed,
        EngineNotFoundException or EngineStartException or EngineStopException or EngineNotTrustedException
            or EngineConnectionException => EngineUnavailable,
        OrchardException or IOException or UnauthorizedAccessException or TimeoutException => Failure,
        _ => null,
    };

    /// <summary>Returns the message of an error in the terms of the command line, not in those of the library.</summary>
    public static string Describe(Exception error)
    {
        if (error is OptionsValidationException invalid)
        {
            return string.Join(' ', invalid.Failures.Select(DescribeServerOption));
        }

        if (error is not ArgumentException { ParamName: { } name })
        {
            return error.Message.Replace(
                $"{nameof(ClientOptions)}.{nameof(ClientOptions.EngineRoot)}", "--engine-root", StringComparison.Ordinal);
        }

        string message = error.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal);
        if (error is ArgumentOutOfRangeException { ActualValue: not null })
        {
            message = message[..message.LastIndexOf(Environment.NewLine, StringComparison.Ordinal)]; // .NET repeats the value there
        }

        return message.StartsWith($"{name} is ", StringComparison.Ordinal)
            ? $"{OptionOf(name)}{message[name.Length..].Split(", or null")[0].TrimEnd('.')}."
            : message;
    }

    // The options of the command have the names of the library's, but for these.
    private static string OptionOf(string name) => name switch
    {
        nameof(GenerationOptions.MaxOutputTokens) => "max-tokens",
        nameof(GenerationOptions.StopSequences) => "stop",
        _ => JsonNamingPolicy.KebabCaseLower.ConvertName(name),
    };

    private static string DescribeServerOption(string failure)
    {
        const string Owner = $"{nameof(OrchardServerOptions)}.";
        string[] words = failure.Split(' ', 2);
        return words[0].StartsWith(Owner, StringComparison.Ordinal) && words.Length == 2
            ? $"--{JsonNamingPolicy.KebabCaseLower.ConvertName(words[0][Owner.Length..])} {words[1]}"
            : failure;
    }
}
