using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Orchard.Engine.Serving.Models;
using Orchard.Protocol;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Processes;

namespace Orchard.Engine;

/// <summary>Parsed command line arguments.</summary>
internal sealed record CommandLine
{
    public const string Help =
        """
        usage: orchard-engine [options]

        Serves large language models to the applications of the current user over unix-domain sockets.
        No options are needed: applications start the engine and share it, and it exits when no application uses it.

          --root DIR            serve the namespace in DIR instead of the default one of the user
          --pie-compatible      use the names that PIE-compatible clients expect (also ORCHARD_PIE_COMPATIBLE=1)
          --grace-seconds N     exit after N seconds without clients (also ORCHARD_ENGINE_GRACE_SECONDS; default: 10 seconds
                                after the last model has left)
          --memory-limit MIB    most memory that all models together may take (also ORCHARD_ENGINE_MEMORY_LIMIT)
          --load MODEL.gguf …   load these model files on startup
          --version             print the version and exit
          --help                print this help and exit

        exit codes: 0 success, 2 bad arguments, 3 another engine serves the namespace,
                    4 a folder, file or socket could not be created, 70 internal error

        """;

    private const long MaxMemory = 1L << 40; // in MiB

    private static readonly TimeSpan MaxGrace = TimeSpan.FromDays(365);

    public bool ShowHelp { get; private init; }

    public bool ShowVersion { get; private init; }

    /// <summary>Error message for invalid arguments; null if they are valid.</summary>
    public string? Error { get; private init; }

    /// <summary>The options; null if the help or version was requested or the arguments are invalid.</summary>
    public EngineOptions? Options { get; private init; }

    /// <summary>Parses the arguments.</summary>
    /// <param name="arguments">The arguments, without the program name.</param>
    /// <param name="environment">Returns the value of an environment variable, or null.</param>
    public static CommandLine Parse(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        string? root = null;
        bool? pieCompatible = null;
        string? grace = environment(EngineVariables.GraceSeconds);
        string graceSource = EngineVariables.GraceSeconds;
        string? memory = environment(EngineVariables.MemoryLimit);
        string memorySource = EngineVariables.MemoryLimit;
        List<string> load = [];

        for (int i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "--help" or "-h":
                    return new CommandLine { ShowHelp = true };

                case "--version":
                    return new CommandLine { ShowVersion = true };

                case "--root":
                    if (!TryTakeValue(arguments, ref i, out root))
                    {
                        return Fail("--root requires a folder.");
                    }

                    break;

                case "--pie-compatible":
                    pieCompatible = true;
                    break;

                case "--grace-seconds":
                    graceSource = "--grace-seconds";
                    if (!TryTakeValue(arguments, ref i, out grace))
                    {
                        return Fail("--grace-seconds requires a number of seconds.");
                    }

                    break;

                case "--memory-limit":
                    memorySource = "--memory-limit";
                    if (!TryTakeValue(arguments, ref i, out memory))
                    {
                        return Fail("--memory-limit requires a number of MiB.");
                    }

                    break;

                case "--load":
                    int before = load.Count;
                    while (TryTakeValue(arguments, ref i, out string? path))
                    {
                        load.Add(path);
                    }

                    if (load.Count == before)
                    {
                        return Fail("--load requires at least one model file.");
                    }

                    break;

                default:
                    return Fail($"Unknown argument '{arguments[i]}'. Run with --help for a list.");
            }
        }

        if (!TryReadMemory(memory, out long? memoryLimit))
        {
            return Fail($"{memorySource} is '{memory}'. It must be a number of MiB above 0.");
        }

        string? keepAlive = environment(EngineVariables.KeepAlive);
        if (!TryReadKeepAlive(keepAlive, out TimeSpan keepAliveTime))
        {
            return Fail($"{EngineVariables.KeepAlive} is '{keepAlive}'. It must be a number of seconds, or -1 for always.");
        }

        if (!TryReadGrace(grace, out TimeSpan? graceTime))
        {
            return Fail($"{graceSource} is '{grace}'. It must be a number of seconds from 0 to {MaxGrace.TotalSeconds:0}.");
        }

        try
        {
            return new CommandLine
            {
                Options = new EngineOptions
                {
                    Root = EngineRoot.Resolve(root, pieCompatible),
                    Grace = graceTime,
                    Models = new ModelRules { KeepAlive = keepAliveTime, MemoryLimit = memoryLimit },
                    Load = load.ConvertAll(Path.GetFullPath),
                },
            };
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or PathTooLongException)
        {
            return Fail($"A path in the arguments is invalid: {e.Message}");
        }
    }

    private static bool TryReadGrace(string? text, out TimeSpan? grace)
    {
        grace = null;
        if (string.IsNullOrWhiteSpace(text))
        {
            return true;
        }

        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
            || !(seconds >= 0 && seconds <= MaxGrace.TotalSeconds))
        {
            return false;
        }

        grace = TimeSpan.FromSeconds(seconds);
        return true;
    }

    private static bool TryReadKeepAlive(string? text, out TimeSpan keepAlive)
    {
        keepAlive = ModelRetention.DefaultKeepAlive;
        if (string.IsNullOrWhiteSpace(text))
        {
            return true;
        }

        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
            || KeepAliveTime.FromSeconds(seconds) is not { } time)
        {
            return false;
        }

        keepAlive = time;
        return true;
    }

    private static bool TryReadMemory(string? text, out long? bytes)
    {
        bytes = null;
        if (string.IsNullOrWhiteSpace(text))
        {
            return true;
        }

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long mebibytes)
            || mebibytes is < 1 or > MaxMemory)
        {
            return false;
        }

        bytes = mebibytes << 20;
        return true;
    }

    private static bool TryTakeValue(IReadOnlyList<string> arguments, ref int index, [NotNullWhen(true)] out string? value)
    {
        value = index + 1 < arguments.Count ? arguments[index + 1] : null;
        if (string.IsNullOrEmpty(value) || value.StartsWith("--", StringComparison.Ordinal))
        {
            value = null;
            return false;
        }

        index++;
        return true;
    }

    private static CommandLine Fail(string error) => new() { Error = error };
}
