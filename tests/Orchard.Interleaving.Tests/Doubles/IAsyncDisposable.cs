namespace Orchard;

/// <summary>Stands in for the framework's, whose task is not ours.</summary>
public interface IAsyncDisposable
{
    /// <summary>Lets go of what it holds.</summary>
    ValueTask DisposeAsync();
}
