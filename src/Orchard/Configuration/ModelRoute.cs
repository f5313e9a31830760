using System.Globalization;

namespace Orchard;

/// <summary>
/// A model that is served twice: on this machine, and by a <see cref="ModelSource"/>. Each call goes to one of them, to the other if that
/// one fails before the first part of its answer, and never to both.
/// </summary>
/// <remarks>
/// Add it to <see cref="ClientOptions.Routes"/>. Can be bound from configuration. Not thread-safe while it is being changed.
/// </remarks>
public sealed class ModelRoute
{
    private static readonly TimeSpan LongestQueueTime = TimeSpan.FromDays(1);

    /// <summary>The model on this machine (required): <c>starter</c>, the path of a GGUF file, or a name of the hub.</summary>
    public string Local { get; set; } = "";

    /// <summary>
    /// The same model at a source (required), as <c>name/model</c>; the source must be one of <see cref="ClientOptions.Sources"/>.
    /// </summary>
    public string Remote { get; set; } = "";

    /// <summary>
    /// When a call goes to the remote model (default: <see cref="RouteCondition.QueueTime"/>). It also does when the local one fails.
    /// </summary>
    public RouteCondition When { get; set; }

    /// <summary>
    /// The longest time to wait for the local model to begin an answer, from zero to one day (default: 2 s): for a load in progress, and in
    /// the queue of the model, as far as that can be estimated. Applies to <see cref="RouteCondition.QueueTime"/>.
    /// </summary>
    /// <remarks>
    /// A conversation whose earlier turns the local model has answered may wait twice as long, since they are in its prefix cache.
    /// </remarks>
    public TimeSpan MaxQueueTime { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Returns a copy that is not shared with the caller.</summary>
    internal ModelRoute Copy() => new() { Local = Local, Remote = Remote, When = When, MaxQueueTime = MaxQueueTime };

    /// <exception cref="ArgumentException">A setting is missing or not allowed. The message names it.</exception>
    internal void Validate(string name, IEnumerable<ModelSource> sources)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Trim() != name)
        {
            throw Invalid(
                name, "calls use the name as their model, so it must not be blank or have spaces around it", nameof(ClientOptions.Routes));
        }

        if (string.IsNullOrWhiteSpace(Local))
        {
            throw Invalid(name, "set Local to a model of this machine", nameof(Local));
        }

        if (IsOfSource(Local, sources))
        {
            throw Invalid(name, $"Local is '{Local}', a model of a source; set it to a model of this machine", nameof(Local));
        }

        if (!IsOfSource(Remote, sources))
        {
            throw Invalid(
                name,
                $"Remote is '{Remote}', which is no model of a source; set it to 'name/model' with the name of one of the client's sources",
                nameof(Remote));
        }

        if (!Enum.IsDefined(When))
        {
            throw Invalid(name, string.Create(CultureInfo.InvariantCulture, $"When is {(int)When}"), nameof(When));
        }

        if (MaxQueueTime < TimeSpan.Zero || MaxQueueTime > LongestQueueTime)
        {
            throw Invalid(
                name, $"MaxQueueTime is {MaxQueueTime}; it must be from {TimeSpan.Zero} to {LongestQueueTime}", nameof(MaxQueueTime));
        }
    }

    private static bool IsOfSource(string? model, IEnumerable<ModelSource> sources)
    {
        string trimmed = model?.Trim() ?? "";
        int slash = trimmed.IndexOf('/', StringComparison.Ordinal);
        return slash > 0
            && slash < trimmed.Length - 1
            && sources.Any(source => source.Name.Equals(trimmed[..slash], StringComparison.OrdinalIgnoreCase));
    }

    private static ArgumentException Invalid(string name, string problem, string parameter) =>
        new($"The route '{name}' is not valid: {problem}.", parameter);
}
