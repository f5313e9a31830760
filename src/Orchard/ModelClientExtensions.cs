namespace Orchard;

/// <summary>Creates handles for calls to one model of a client.</summary>
public static class ModelClientExtensions
{
    /// <summary>Returns a handle for calls to one model. Neither loads the model nor checks that it exists.</summary>
    /// <param name="client">The client that makes the calls.</param>
    /// <param name="model">
    /// <c>starter</c>, the path of a GGUF file or of a directory that contains exactly one, or a name of the hub.
    /// </param>
    /// <returns>The handle. It shares the client and needs no disposal.</returns>
    /// <exception cref="ArgumentException"><paramref name="client"/> is null, or <paramref name="model"/> is null or blank.</exception>
    public static ModelClient Model(this Client client, string model)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        return new ModelClient(client, model);
    }
}
