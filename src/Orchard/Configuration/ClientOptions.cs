using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Orchard;

/// <summary>
/// Settings of a <see cref="Client"/>: which engine it connects to, how that engine is started, and how long calls may take.
/// </summary>
/// <remarks>
/// Can be bound from configuration. The settings are copied when a client is created, so later changes have no effect on that client.
/// Not thread-safe while it is being changed.
/// </remarks>
public class ClientOptions
{
    private const string ShortestTimeout = "00:00:00.0010000";
    private const string LongestTimeout = "24.00:00:00"; // timers of the framework end at 24.8 days

    private const string ParsedWithoutReflection =
        "Validate() and the source-generated validator of the container's options parse the limits directly.";

    /// <summary>Initializes options with their default values.</summary>
    public ClientOptions()
    {
    }

    /// <summary>Copies all settings.</summary>
    internal ClientOptions(ClientOptions other)
    {
        EngineRoot = other.EngineRoot;
        EnginePath = other.EnginePath;
        PieCompatible = other.PieCompatible;
        EngineGraceTime = other.EngineGraceTime;
        StartEngine = other.StartEngine;
        StartTimeout = other.StartTimeout;
        StallTimeout = other.StallTimeout;
        ReplayUnansweredCalls = other.ReplayUnansweredCalls;
        UseMemoryMap = other.UseMemoryMap;
        ModelDefaults = other.ModelDefaults with { };
        Models = new Dictionary<string, ModelOptions>(other.Models, StringComparer.OrdinalIgnoreCase);
        Hub = other.Hub with { };
        Sources = [.. other.Sources.Select(source => source.Copy())];
        Routes = other.Routes.ToDictionary(
            static pair => pair.Key, static pair => pair.Value?.Copy()!, StringComparer.OrdinalIgnoreCase); // null is refused later
        LoggerFactory = other.LoggerFactory;
        TimeProvider = other.TimeProvider;
    }

    /// <summary>
    /// Directory of the engine namespace, which holds the engine's sockets, pid file, lock files and log (default: null, which means the
    /// environment variable <c>ORCHARD_CACHE_ROOT</c>, or else the directory shared by all applications of the user). A leading <c>~</c>
    /// is the user's home directory. Clients with the same directory share one engine process.
    /// </summary>
    /// <remarks>
    /// A directory that does not exist is created for this user alone. One that exists is never changed: it is refused with
    /// <see cref="EngineNotTrustedException"/> if it is a symbolic link, belongs to another user, or others may write to it.
    /// </remarks>
    public string? EngineRoot { get; set; }

    /// <summary>
    /// Path of the engine executable (default: null, which means the environment variable <c>ORCHARD_ENGINE_PATH</c>, or else the engine
    /// next to the application, or else the one in <c>~/.orchard/bin</c>). A leading <c>~</c> is the user's home directory.
    /// </summary>
    public string? EnginePath { get; set; }

    /// <summary>
    /// Whether the engine is shared with PIE-compatible clients of other vendors (default: null, which means the environment variable
    /// <c>ORCHARD_PIE_COMPATIBLE</c>, or else false). The default directory, the sockets and the engine's process then have the names that
    /// those clients expect. Clients share an engine only if they have the same value.
    /// </summary>
    public bool? PieCompatible { get; set; }

    /// <summary>
    /// Time that an engine started by this client keeps running without any client, from zero to 24 days, even if models are to be kept
    /// (default: null, which means as long as a model is kept, see <see cref="ModelOptions.KeepAlive"/>, and 10 s when none is).
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", LongestTimeout, ParseLimitsInInvariantCulture = true)]
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = ParsedWithoutReflection)]
    public TimeSpan? EngineGraceTime { get; set; }

    /// <summary>Whether to start an engine when none is running (default: true).</summary>
    public bool StartEngine { get; set; } = true;

    /// <summary>Time limit for finding or starting the engine, from 1 ms to 24 days (default: 60 s).</summary>
    [Range(typeof(TimeSpan), ShortestTimeout, LongestTimeout, ParseLimitsInInvariantCulture = true)]
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = ParsedWithoutReflection)]
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Time without any progress after which a call that waits for the engine fails with <see cref="RequestStalledException"/>, from 1 ms
    /// to 24 days (default: 60 s; null for no limit). Progress of a request is the engine's acknowledgement, then whatever it computes for
    /// the request: parts of the prompt, tokens, embeddings. The time does not run while the engine works on other requests that are ahead
    /// in its queue. Progress of a model load is a heartbeat that reports the load. Everything else is answered at once, with the reply as
    /// the only progress. The check may add up to a quarter of the time.
    /// </summary>
    [Range(typeof(TimeSpan), ShortestTimeout, LongestTimeout, ParseLimitsInInvariantCulture = true)]
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = ParsedWithoutReflection)]
    public TimeSpan? StallTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Whether a call that has received no part of its answer when the engine process exits, or the connection to it ends, is sent once
    /// more, to a new engine if necessary (default: true). This applies to loading a model, too. A call that has received a part of its
    /// answer is never repeated.
    /// </summary>
    public bool ReplayUnansweredCalls { get; set; } = true;

    /// <summary>
    /// Whether the engine maps the model files that this client loads into memory (default: true), which loads them faster and shares their
    /// pages with the system's cache. Otherwise it reads them. A mapped file must not be changed in place: that ends the calls that use it
    /// with <see cref="ModelChangedException"/>, and truncating it ends the engine. Has no effect on models that are loaded already.
    /// </summary>
    public bool UseMemoryMap { get; set; } = true;

    /// <summary>How models are loaded, unless <see cref="Models"/> or a call specifies it.</summary>
    public ModelOptions ModelDefaults { get; set; } = new();

    /// <summary>
    /// How single models are loaded, by name (default: none): <c>starter</c>, a path, or a name of the hub. The options of a name without
    /// a tag apply to all tags. Names are compared regardless of case.
    /// </summary>
    public IDictionary<string, ModelOptions> Models { get; } = new Dictionary<string, ModelOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Where models that are named by a repository of the Hugging Face hub come from.</summary>
    public HubOptions Hub { get; set; } = new();

    /// <summary>
    /// Other places where models are served (default: none), each with a name of its own. A call to a model <c>name/model</c> goes to the
    /// source with that name. See the package <c>Orchard.Remote</c>.
    /// </summary>
    public IList<ModelSource> Sources { get; } = [];

    /// <summary>
    /// Models that are served both on this machine and by a source, by the names that calls use for them (default: none). Such a name takes
    /// precedence over every other meaning that it has, and may be the name of the local model. Names are compared regardless of case.
    /// </summary>
    public IDictionary<string, ModelRoute> Routes { get; } = new Dictionary<string, ModelRoute>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Creates the logger for the category <c>Orchard</c> (default: null, no log). Prompts and answers are never logged.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Clock of all timeouts and delays.</summary>
    internal TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <exception cref="ArgumentException">
    /// A duration or an option of a model is outside its range, or a model source or a route is not valid.
    /// </exception>
    internal void Validate()
    {
        ModelDefaults.Validate();
        foreach (ModelOptions options in Models.Values)
        {
            options.Validate();
        }

        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (ModelSource source in Sources)
        {
            ArgumentNullException.ThrowIfNull(source, nameof(Sources));
            source.Validate();
            if (!names.Add(source.Name))
            {
                throw new ArgumentException($"Two model sources have the name '{source.Name}'.", nameof(Sources));
            }
        }

        foreach ((string name, ModelRoute route) in Routes)
        {
            ArgumentNullException.ThrowIfNull(route, nameof(Routes));
            route.Validate(name, Sources);
        }

        ThrowIfOutside(EngineGraceTime, "00:00:00", LongestTimeout);
        ThrowIfOutside(StartTimeout, ShortestTimeout, LongestTimeout);
        ThrowIfOutside(StallTimeout, ShortestTimeout, LongestTimeout);
    }

    private static void ThrowIfOutside(
        TimeSpan? value, string minimum, string maximum, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value < TimeSpan.Parse(minimum, CultureInfo.InvariantCulture) || value > TimeSpan.Parse(maximum, CultureInfo.InvariantCulture))
        {
            throw new ArgumentOutOfRangeException(
                name, value, $"{nameof(ClientOptions)}.{name} is {value}; it must be from {minimum} to {maximum}.");
        }
    }
}
