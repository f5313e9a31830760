using System.Collections;
using System.Globalization;
using Orchard.Models;
using Orchard.Processes;
using Orchard.Protocol;
using Orchard.Protocol.Processes;

namespace Orchard.Cli.Doctor.Checks;

/// <summary>The environment variables: those of Orchard with a value that is none or a name that is none, and those of proxies.</summary>
internal sealed class VariableCheck : ICheck
{
    private const string Prefix = "ORCHARD_";

    // Variables that are a number, with the smallest and the largest.
    private static readonly Dictionary<string, (double Least, double Most)> Numbers = new()
    {
        [EngineVariables.GraceSeconds] = (0, TimeSpan.FromDays(365).TotalSeconds),
        [EngineVariables.MemoryLimit] = (1, 1L << 40),
        ["ORCHARD_ENGINE_THREADS"] = (1, 512),
    };

    private static readonly string[] OfModels =
    [
        "ORCHARD_CONTEXT_LENGTH", "ORCHARD_PARALLEL_SEQUENCES", "ORCHARD_KEY_CACHE_TYPE", "ORCHARD_VALUE_CACHE_TYPE", "ORCHARD_GPU_LAYERS",
        "ORCHARD_FLASH_ATTENTION", EngineVariables.KeepAlive,
    ];

    private static readonly string[] Others =
    [
        EngineRoot.CacheRootVariable, EngineRoot.IpcRootVariable, EngineRoot.PieCompatibleVariable, EngineRoot.LogVariable,
        EngineLocator.PathVariable, "ORCHARD_NATIVE_PATH", "ORCHARD_ENGINE_SPECULATION", "ORCHARD_ENGINE_KV_CACHE", "ORCHARD_API_KEY",
        "ORCHARD_API_KEYS",
    ];

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
        if (OfModels.Contains(name))
        {
            try
            {
                ModelVariables.Read(asked => asked == name ? value : null);
            }
            catch (ArgumentException e)
            {
                findings.Problem($"{name} is '{value}': {e.Message}", $"Correct {name}, or remove it.");
            }
        }
        else if (Numbers.TryGetValue(name, out (double Least, double Most) range))
        {
            if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                || !(number >= range.Least && number <= range.Most))
            {
                string allowed = string.Create(CultureInfo.InvariantCulture, $"a number from {range.Least} to {range.Most}");
                findings.Problem($"{name} is '{value}'; it must be {allowed}.", $"Correct {name}, or remove it.");
            }
        }
        else if (!Others.Contains(name))
        {
            IReadOnlyList<string> nearest = NearestNames.Find(name, [.. OfModels, .. Numbers.Keys, .. Others]);
            findings.Warning(
                $"{name} is set, but there is no such setting.",
                nearest.Count > 0 ? $"Perhaps {nearest[0]} is meant." : "Remove it.");
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
