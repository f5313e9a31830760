namespace Orchard.Hub.Transfer;

/// <summary>What has been received cannot be continued: the file on the server is another one, or it cannot be read in parts.</summary>
internal sealed class StartOverException(string message, bool rangesFail = false) : Exception(message)
{
    /// <summary>Whether the server ignores ranges, so that only whole files can be read from it.</summary>
    public bool RangesFail { get; } = rangesFail;
}
