namespace Orchard;

/// <summary>
/// The model could not be downloaded or stored. What has arrived is kept, and the next call continues from there. The message says what
/// went wrong and what to do.
/// </summary>
public sealed class ModelDownloadException : OrchardException
{
    internal ModelDownloadException(string model, string message, long? receivedBytes, long? totalBytes, Exception innerException)
        : base(message, innerException)
    {
        Model = model;
        ReceivedBytes = receivedBytes;
        TotalBytes = totalBytes;
    }

    /// <summary>The model name as passed by the caller.</summary>
    public string Model { get; }

    /// <summary>Number of bytes of the file that are stored; null if the transfer had not begun.</summary>
    public long? ReceivedBytes { get; }

    /// <summary>Size of the file in bytes; null if the transfer had not begun.</summary>
    public long? TotalBytes { get; }
}
