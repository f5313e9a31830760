using System.Diagnostics.CodeAnalysis;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Native;
using Orchard.Engine.Native.Backends;
using Orchard.Engine.Prefixes;
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
          --devices             print which GPU libraries can be used, and why others cannot, and exit
          --version             print the version and exit
          --help                print this help and exit

        exit codes: 0 success, 2 bad arguments, 3 another engine serves the namespace,
                    4 a folder, file or socket could not be created, 70 internal error

        """;

    private const long MaxMemory = 1L << 40; // in MiB

    private static readonly TimeSpan MaxGrace = TimeSpan.FromDays(365);

    public bool ShowHelp { get; private init; }

    public bool ShowVersion { get; private init; }

    public bool ShowDevices { get; private init; }

    /// <summary>A GPU library to try out, for an engine that has started this process; null for none.</summary>
    public string? Trial { get; private init; }

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
        var grace = Setting.OfVariable(EngineVariables.GraceSeconds, environment);
        var memory = Setting.OfVariable(EngineVariables.MemoryLimit, environment);
        var keepAlive = Setting.OfVariable(EngineVariables.KeepAlive, environment);
        List<string> load = [];

        for (int i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "--help" or "-h":
                    return new CommandLine { ShowHelp = true };

                case "--version":
                    return new CommandLine { ShowVersion = true };

                case "--devices":
                    return new CommandLine { ShowDevices = true };

                case BackendProbe.Argument when i + 1 < arguments.Count:
                    return new CommandLine { Trial = arguments[i + 1] };

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
                    if (!TryTakeValue(arguments, ref i, out string? seconds))
                    {
                        return Fail("--grace-seconds requires a number of seconds.");
                    }

                    grace = Setting.OfArgument("--grace-seconds", seconds);
                    break;

                case "--memory-limit":
                    if (!TryTakeValue(arguments, ref i, out string? limit))
                    {
                        return Fail("--memory-limit requires a number of MiB.");
                    }

                    memory = Setting.OfArgument("--memory-limit", limit);
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

        try
        {
            _ = Setting.OfVariable(NativeFiles.PathVariable, environment).AbsolutePath(); // read again when a model is loaded
            return new CommandLine
            {
                Options = new EngineOptions
                {
                    Root = EngineRoot.Resolve(root, pieCompatible),
                    Grace = grace.Seconds(MaxGrace),
                    Models = new ModelRules
                    {
                        KeepAlive = keepAlive.Seconds(KeepAliveTime.Longest, orAlways: true) ?? ModelRetention.DefaultKeepAlive,
                        MemoryLimit = memory.WholeNumber(1, MaxMemory, " of MiB") << 20,
                    },
                    Decoders = DecoderOverrides.Read(environment),
                    Prefixes = PrefixLimits.Read(environment),
                    Devices = DeviceChoice.Read(environment),
                    DeviceMemory = Setting.OfVariable(EngineVariables.DeviceMemory, environment)
                        .WholeNumber(1, MaxMemory, " of MiB") << 20,
                    LogFile = Setting.OfVariable(EngineRoot.LogVariable, environment).AbsolutePath(),
                    Load = load.ConvertAll(Path.GetFullPath),
                },
            };
        }
        catch (Exception e) when (e is InvalidSettingException or NoHomeDirectoryException)
        {
            return Fail(e.Message);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or PathTooLongException)
        {
            return Fail($"A path in the arguments is invalid: {e.Message}");
        }
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
