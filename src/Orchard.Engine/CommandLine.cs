using System.Globalization;
using Orchard.Protocol;

namespace Orchard.Engine;

/// <summary>The arguments of the process, understood or refused.</summary>
internal sealed record CommandLine
{
    public const string GraceVariable = "ORCHARD_ENGINE_GRACE_SECONDS";

    public const string Help =
        """
        usage: orchard-engine [options]

        Serves large language models to the applications of this user over unix-domain sockets.
        Needs no options: applications start it, share it, and it leaves when none is left.

          --root DIR            serve the namespace in DIR instead of the user's default one
          --grace-seconds N     stay N seconds without any client (default: 10; also ORCHARD_ENGINE_GRACE_SECONDS)
          --load MODEL.gguf …   load these model files at the start
          --version             print the version and exit
          --help                print this and exit

        exit codes: 0 orderly end, 2 bad arguments, 3 another engine owns the namespace,
                    4 a folder, file or socket cannot be created, 70 internal error

        """;

    private static readonly TimeSpan MaxGrace = TimeSpan.FromDays(365);

    public bool ShowHelp { get; private init; }

    public bool ShowVersion { get; private init; }

    /// <summary>What is wrong with the arguments, or null.</summary>
    public string? Error { get; private init; }

    /// <summary>Set unless help, version or an error is.</summary>
    public EngineOptions? Options { get; private init; }

    /// <param name="arguments">Without the program's name.</param>
    /// <param name="environment">Value of an environment variable, or null.</param>
    public static CommandLine Parse(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        string? root = null;
        string? grace = environment(GraceVariable);
        string graceSource = GraceVariable;
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
                        return Refuse("--root needs a folder.");
                    }

                    break;

                case "--grace-seconds":
                    graceSource = "--grace-seconds";
                    if (!TryTakeValue(arguments, ref i, out grace))
                    {
                        return Refuse("--grace-seconds needs a number of seconds.");
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
                        return Refuse("--load needs at least one model file.");
                    }

                    break;

                default:
                    return Refuse($"Unknown argument '{arguments[i]}'. See --help.");
            }
        }

        if (!TryReadGrace(grace, out TimeSpan graceTime))
        {
            return Refuse($"{graceSource} is '{grace}', which is not a number of seconds from 0 to {MaxGrace.TotalSeconds:0}.");
        }

        try
        {
            return new CommandLine
            {
                Options = new EngineOptions
                {
                    Root = EngineRoot.Resolve(root),
                    Grace = graceTime,
                    Load = load.ConvertAll(Path.GetFullPath),
                },
            };
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or PathTooLongException)
        {
            return Refuse($"A path among the arguments is not usable: {e.Message}");
        }
    }

    private static bool TryReadGrace(string? text, out TimeSpan grace)
    {
        grace = EngineOptions.DefaultGrace;
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

    private static bool TryTakeValue(IReadOnlyList<string> arguments, ref int index, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value)
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

    private static CommandLine Refuse(string error) => new() { Error = error };
}
