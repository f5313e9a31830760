namespace Orchard;

/// <summary>Settings for models that are named by a repository of the Hugging Face hub.</summary>
/// <remarks>Not thread-safe while it is being changed.</remarks>
public sealed record HubOptions
{
    /// <summary>
    /// Address of the hub, an http or https URL (default: null, which means the environment variable <c>HF_ENDPOINT</c>, or else
    /// <c>https://huggingface.co</c>).
    /// </summary>
    public string? Endpoint { get; set; }

    /// <summary>
    /// Access token for repositories that require one (default: null, which means the environment variable <c>HF_TOKEN</c>, or else the
    /// file named by <c>HF_TOKEN_PATH</c>, or else <c>token</c> in <c>HF_HOME</c>). It is sent to the hub's address and to no other host.
    /// </summary>
    public string? Token { get; set; }

    /// <summary>
    /// Directory of the cache, in the layout of the Hugging Face libraries (default: null, which means the environment variable
    /// <c>HF_HUB_CACHE</c>, or else <c>hub</c> in <c>HF_HOME</c>, or else <c>~/.cache/huggingface/hub</c>; if that cannot be written,
    /// downloads go to <c>~/.orchard/hub</c>). A leading <c>~</c> is the user's home directory.
    /// </summary>
    public string? CacheDirectory { get; set; }

    /// <summary>
    /// Whether to use only models that are stored (default: null, which means the environment variable <c>HF_HUB_OFFLINE</c>, or else
    /// false).
    /// </summary>
    public bool? Offline { get; set; }

    /// <summary>
    /// Whether the vision projector that belongs to a model is downloaded with it (default: <see cref="VisionFiles.Auto"/>, if the
    /// repository has one). Of several, it is the one in the nearest folder whose quantization is nearest to that of the model.
    /// </summary>
    public VisionFiles Vision { get; set; }

    /// <summary>Returns the settings without the token.</summary>
    /// <returns>A text for logs.</returns>
    public override string ToString() =>
        $"{nameof(HubOptions)} {{ Endpoint = {Endpoint}, CacheDirectory = {CacheDirectory}, Offline = {Offline}, Vision = {Vision} }}";
}
