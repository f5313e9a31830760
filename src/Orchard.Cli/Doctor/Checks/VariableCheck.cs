using System.Collections;
using Orchard.Models;
using Orchard.Processes;
using Orchard.Protocol;
using Orchard.Protocol.Processes;

namespace Orchard.Cli.Doctor.Checks;

/// <summary>The environment variables: those of Orchard with a value that is none or a name that is none, and those of proxies.</summary>
internal sealed class VariableCheck : ICheck
{
    private const string Prefix = "ORCHARD_";

    private static readonly string[] OfModels =
    [
        "ORCHARD_CONTEXT_LENGTH", "ORCHARD_PARALLEL_SEQUENCES", "ORCHARD_KEY_CACHE_TYPE", "ORCHARD_VALUE_CACHE_TYPE", "ORCHARD_GPU_LAYERS",
        "ORCHARD_FLASH_ATTENTION", "ORCHARD_PROJECTOR", EngineVariables.KeepAlive,
    ];

    // The others, and how they are read.
    private static readonly Dictionary<string, Action<Setting>> Readers = new()
    {
        [EngineVariables.GraceSeconds] = static setting => setting.Seconds(TimeSpan.FromDays(365)),
        [EngineVariables.MemoryLimit] = static setting => setting.WholeNumber(1, 1L << 40, " of MiB"),
        [EngineVariables.PrefixCache] = static setting => setting.WholeNumber(0, 1L << 30, " of MiB"),
        [EngineVariables.PrefixCacheDays] = static setting => setting.WholeNumber(1, 3650, " of days"),
        [EngineVariables.PassedOn] = static _ => { },
        [EngineVariables.Scope] = static setting => setting.Flag(),
        ["ORCHARD_ENGINE_THREADS"] = static setting => setting.WholeNumber(1, 512),
        ["ORCHARD_ENGINE_SPECULATION"] = static setting => setting.Flag(),
        ["ORCHARD_ENGINE_KV_CACHE"] = static setting => setting.OneOf("split", "unified"),
        [EngineRoot.PieCompatibleVariable] = static setting => setting.Flag(),
        [EngineRoot.CacheRootVariable] = static setting => setting.AbsolutePath(),
        [EngineRoot.IpcRootVariable] = static setting => setting.AbsolutePath(),
        [EngineRoot.LogVariable] = static setting => setting.AbsolutePath(),
        [EngineLocator.PathVariable] = static setting => setting.AbsolutePath(),
        [EngineVariables.Devices] = static setting => setting.Names(EngineVariables.DeviceKinds, EngineVariables.DevicesMeaning),
        [EngineVariables.DeviceMemory] = static setting => setting.WholeNumber(1, 1L << 40, " of MiB"),
        ["ORCHARD_NATIVE_PATH"] = static setting => setting.AbsolutePath(),
        ["ORCHARD_API_KEY"] = static _ => { },
        ["ORCHARD_API_KEYS"] = static _ => { },
        ["ORCHARD_REMOTE_URL"] = static _ => { },
        ["ORCHARD_REMOTE_NAME"] = static _ => { },
        ["ORCHARD_REMOTE_API_KEY"] = static _ => { },
        ["ORCHARD_REMOTE_KIND"] = static setting =>
            setting.OneOf("Auto", "Vllm", "SgLang", "LlamaServer", "Ollama", "LmStudio", "OpenAI", "Orchard"),
        ["ORCHARD_REMOTE_BEST_EFFORT"] = static setting => setting.Flag(),
    };

    private static readonly string[] Proxies =
        ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

    private static readonly string[] ProxySchemes = ["http", "https", "socks4", "socks4a", "socks5"];

    public string Subject => "settings";

    public Task ExamineAsync(DoctorContext context, Findings findings, CancellationToken cancellationToken)
    {
        int count = 0;
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            (string name, string value) = ((string)variable.Key, (string?)variable.Value ?? "");
            if (name.StartsWith(Prefix, StringComparison.Ordinal) && value.Length > 0)
            {
                count++;
                ExamineOwn(name, value, findings);
            }
            else if (Proxies.Contains(name) && value.Length > 0)
            {
                ExamineProxy(name, value, findings);
            }
        }

        if (findings.All.Count == 0)
        {
            findings.Ok(count == 0
                ? "no environment variable of Orchard is set"
                : $"environment variables of Orchard that are set: {count}, all valid");
        }

        return Task.CompletedTask;
    }

    private static void ExamineOwn(string name, string value, Findings findings)
    {
        bool isOfModels = OfModels.Contains(name);
        if (!isOfModels && !Readers.ContainsKey(name))
        {
            IReadOnlyList<string> nearest = NearestNames.Find(name, [.. OfModels, .. Readers.Keys]);
            findings.Warning(
                $"{name} is set, but there is no such setting.",
                nearest.Count > 0 ? $"Perhaps {nearest[0]} is meant." : "Remove it.");
            return;
        }

        try
        {
            if (isOfModels)
            {
                ModelVariables.Read(asked => asked == name ? value : null);
            }
            else
            {
                Readers[name](Setting.OfVariable(name, _ => value));
            }
        }
        catch (Exception e) when (e is ArgumentException or NoHomeDirectoryException)
        {
            findings.Problem(e.Message, $"Correct {name}, or remove it.");
        }
    }

    private static void ExamineProxy(string name, string value, Findings findings)
    {
        string address = value.Contains("://", StringComparison.Ordinal) ? value : $"http://{value}";
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? proxy) || !ProxySchemes.Contains(proxy.Scheme))
        {
            findings.Problem(
                $"The proxy {name} is not a valid address.", $"Set {name} to a URL such as http://proxy.example:8080, or remove it.");
        }
        else
        {
            findings.Note($"downloads use the proxy {proxy.Host}:{proxy.Port} ({name})");
        }
    }
}
