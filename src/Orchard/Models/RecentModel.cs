namespace Orchard.Models;

/// <summary>
/// What a name has just meant, for so short a time that nobody can tell: thousands of calls may name the same model at once, and following
/// the links of its path costs each of them a look at every folder. Thread-safe.
/// </summary>
internal sealed class RecentModel(Func<string, ResolvedModel> resolve, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMilliseconds(100);

    private volatile Resolved? _last;

    /// <summary>The model that a name means. Throws like <see cref="ModelResolver.Resolve"/>.</summary>
    public ResolvedModel Resolve(string name)
    {
        if (_last is { } last && last.Name == name && time.GetElapsedTime(last.At) < Lifetime)
        {
            return last.Model;
        }

        ResolvedModel model = resolve(name);
        if (name == ModelResolver.StarterAlias || Path.IsPathFullyQualified(name)) // what a relative path means depends on the current folder
        {
            _last = new Resolved(name, model, time.GetTimestamp());
        }

        return model;
    }

    private sealed record Resolved(string Name, ResolvedModel Model, long At);
}
