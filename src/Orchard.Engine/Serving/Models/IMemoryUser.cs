namespace Orchard.Engine.Serving.Models;

/// <summary>A model that may take memory, and may leave to make room for others. Thread-safe.</summary>
internal interface IMemoryUser
{
    string CanonicalId { get; }

    /// <summary>The loaded model, or null.</summary>
    LoadedModelHandle? Model { get; }

    /// <summary>Time of the model's last use.</summary>
    TimeSpan LastUse { get; }

    /// <summary>Whether the model is loaded and stays until clients that wanted it change their mind.</summary>
    bool IsPinned { get; }

    /// <summary>Takes the model away from further requests. Running requests are completed.</summary>
    /// <param name="evenIfBusy">Whether it may have running requests.</param>
    /// <returns>The end of it; null if the model is not loaded, in use, or to stay.</returns>
    Task? TryEvict(bool evenIfBusy = false);
}
