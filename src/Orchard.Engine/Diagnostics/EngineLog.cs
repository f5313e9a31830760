using Microsoft.Extensions.Logging;

namespace Orchard.Engine.Diagnostics;

/// <summary>All log messages of the engine. They never contain prompts or completions, so that a log can be shared.</summary>
internal static partial class EngineLog
{
    [LoggerMessage(1, LogLevel.Information, "Engine {Version} (process {Pid}) serves {Directory}; its sockets are in {IpcDirectory}.")]
    public static partial void Serving(this ILogger logger, string version, int pid, string directory, string ipcDirectory);

    [LoggerMessage(2, LogLevel.Information, "Shutting down: {Reason}.")]
    public static partial void ShuttingDown(this ILogger logger, string reason);

    [LoggerMessage(3, LogLevel.Information, "Stopped.")]
    public static partial void Stopped(this ILogger logger);

    [LoggerMessage(4, LogLevel.Error, "{Message}")]
    public static partial void CannotStart(this ILogger logger, string message);

    [LoggerMessage(5, LogLevel.Critical, "Internal error.")]
    public static partial void InternalError(this ILogger logger, Exception exception);

    [LoggerMessage(6, LogLevel.Warning, "The shutdown took longer than {Seconds} s and was aborted.")]
    public static partial void ShutdownOverdue(this ILogger logger, double seconds);

    [LoggerMessage(7, LogLevel.Information, "A client requested the engine to stop.")]
    public static partial void ShutdownRequested(this ILogger logger);

    [LoggerMessage(10, LogLevel.Debug, "A connection to {Socket} ended: {End}")]
    public static partial void ConnectionEnded(this ILogger logger, string socket, string end);

    [LoggerMessage(11, LogLevel.Warning, "A connection to {Socket} was closed: {End}")]
    public static partial void ConnectionFailed(this ILogger logger, string socket, string end);

    [LoggerMessage(20, LogLevel.Information, "Client {Pid} registered.")]
    public static partial void ClientRegistered(this ILogger logger, int pid);

    [LoggerMessage(
        21,
        LogLevel.Information,
        "Client {Pid} registered, but its process is not visible to the engine. Only its connections keep the engine running.")]
    public static partial void InvisibleClientRegistered(this ILogger logger, int pid);

    [LoggerMessage(22, LogLevel.Information, "Client {Pid} deregistered.")]
    public static partial void ClientDeregistered(this ILogger logger, int pid);

    [LoggerMessage(23, LogLevel.Information, "Client {Pid} has exited; {Cancelled} of its requests were cancelled.")]
    public static partial void ClientGone(this ILogger logger, int pid, int cancelled);

    [LoggerMessage(24, LogLevel.Information, "No client is connected any more; {Cancelled} requests were cancelled.")]
    public static partial void NoClientConnected(this ILogger logger, int cancelled);

    [LoggerMessage(25, LogLevel.Information, "Client {Pid} has disconnected; {Cancelled} of its requests were cancelled.")]
    public static partial void ClientDisconnected(this ILogger logger, string pid, int cancelled);

    [LoggerMessage(26, LogLevel.Information, "Client {Pid} connected.")]
    public static partial void ClientConnected(this ILogger logger, string pid);

    [LoggerMessage(30, LogLevel.Information, "Loading model '{Model}' from {Path}.")]
    public static partial void LoadStarted(this ILogger logger, string model, string path);

    [LoggerMessage(31, LogLevel.Information, "Model '{Model}' is ready after {Seconds:0.00} s.")]
    public static partial void Loaded(this ILogger logger, string model, double seconds);

    [LoggerMessage(32, LogLevel.Information, "The load of model '{Model}' was cancelled.")]
    public static partial void LoadCancelled(this ILogger logger, string model);

    [LoggerMessage(37, LogLevel.Information, "Model '{Model}' was unloaded.")]
    public static partial void Unloaded(this ILogger logger, string model);

    [LoggerMessage(38, LogLevel.Warning, "Model '{Model}' will be loaded again for new requests. {Difference}")]
    public static partial void ModelFileChanged(this ILogger logger, string model, string difference);

    [LoggerMessage(33, LogLevel.Warning, "Model '{Model}' could not be loaded.")]
    public static partial void LoadFailed(this ILogger logger, string model, Exception exception);

    [LoggerMessage(34, LogLevel.Warning, "Cannot load '{Path}' on startup: {Reason}")]
    public static partial void PreloadRefused(this ILogger logger, string path, string reason);

    [LoggerMessage(35, LogLevel.Error, "The scheduler of model '{Model}' failed. The model is being unloaded.")]
    public static partial void ModelDiscarded(this ILogger logger, string model, Exception exception);

    [LoggerMessage(
        36,
        LogLevel.Information,
        "The decoder has {Sequences} sequences of {ContextLength} tokens, {Threads} threads for one token and {BatchThreads} for batches. "
        + "{Megabytes} MiB of memory are reserved.")]
    public static partial void DecoderReady(
        this ILogger logger, int sequences, int contextLength, int threads, int batchThreads, long megabytes);

    [LoggerMessage(
        53, LogLevel.Information, "The self-test {Result} after {Milliseconds:F1} ms: sequences decoded together against one alone.")]
    public static partial void SelfTested(this ILogger logger, string result, double milliseconds);

    [LoggerMessage(
        54,
        LogLevel.Warning,
        "llama.cpp computes several sequences of '{File}' wrongly in one batch. They are decoded one after another, which is slower.")]
    public static partial void DecodesApart(this ILogger logger, string file);

    [LoggerMessage(64, LogLevel.Information, "Loading '{Path}' took: {Phases}.")]
    public static partial void LoadPhases(this ILogger logger, string path, string phases);

    [LoggerMessage(45, LogLevel.Information, "Model '{Model}' is idle and leaves to make room for '{Other}'.")]
    public static partial void Evicted(this ILogger logger, string model, string other);

    [LoggerMessage(
        46, LogLevel.Information, "Model '{Model}' gets no new requests and leaves after its last one, to make room for '{Other}'.")]
    public static partial void Evicting(this ILogger logger, string model, string other);

    [LoggerMessage(47, LogLevel.Information, "Model '{Model}' was not used any more and is being unloaded.")]
    public static partial void KeepAliveOver(this ILogger logger, string model);

    [LoggerMessage(48, LogLevel.Information, "Model '{Model}' will be loaded again with other settings: {Difference}.")]
    public static partial void Reloading(this ILogger logger, string model, string difference);

    [LoggerMessage(
        39,
        LogLevel.Warning,
        "The model file '{Path}' names no token that ends an answer. The one that llama.cpp assumes, {Token} ('{Text}'), {Use}.")]
    public static partial void EndTokenAssumed(this ILogger logger, string path, int token, string text, string use);

    [LoggerMessage(55, LogLevel.Information, "GPU library {Status}.")]
    public static partial void BackendUsed(this ILogger logger, string status);

    [LoggerMessage(56, LogLevel.Warning, "GPU library {Status}")]
    public static partial void BackendNotUsed(this ILogger logger, string status);

    [LoggerMessage(57, LogLevel.Error, "The native libraries could not be loaded: {Reason}")]
    public static partial void LibraryNotLoaded(this ILogger logger, string reason);

    [LoggerMessage(58, LogLevel.Information, "'{Path}': {Plan}.")]
    public static partial void Placed(this ILogger logger, string path, string plan);

    [LoggerMessage(
        59, LogLevel.Warning, "'{Path}' could not be loaded onto the GPUs as planned, and is loaded with less on them. {Reason}")]
    public static partial void PlacementFailed(this ILogger logger, string path, string reason);

    [LoggerMessage(
        61,
        LogLevel.Warning,
        "The engine ended {Times} times while it loaded '{Path}' onto GPUs. It is loaded with less on them, or on the processor.")]
    public static partial void LoadEndedEngine(this ILogger logger, string path, int times);

    [LoggerMessage(62, LogLevel.Warning, "Prompts could not be kept on disk: {Reason}")]
    public static partial void PrefixNotWritten(this ILogger logger, string reason);

    [LoggerMessage(63, LogLevel.Warning, "A kept prompt was removed. {Reason}")]
    public static partial void PrefixRemoved(this ILogger logger, string reason);

    [LoggerMessage(40, LogLevel.Warning, "A request frame was rejected: {Reason}")]
    public static partial void FrameRefused(this ILogger logger, string reason);

    [LoggerMessage(41, LogLevel.Information, "Request {RequestId} of channel {Channel:x} was rejected: {Code}.")]
    public static partial void RequestRefused(this ILogger logger, ulong requestId, ulong channel, string code);

    [LoggerMessage(42, LogLevel.Error, "Request {RequestId} of channel {Channel:x} failed with an internal error.")]
    public static partial void RequestFailed(this ILogger logger, ulong requestId, ulong channel, Exception exception);

    [LoggerMessage(43, LogLevel.Error, "A delta of request {RequestId} could not be sent.")]
    public static partial void DeltaLost(this ILogger logger, ulong requestId, Exception exception);

    [LoggerMessage(44, LogLevel.Information, "Request {RequestId} was ignored: channel {Channel:x} has no connection of its process.")]
    public static partial void ChannelUnusable(this ILogger logger, ulong requestId, ulong channel);

    [LoggerMessage(50, LogLevel.Warning, "A management command was rejected: {Reason}")]
    public static partial void CommandRefused(this ILogger logger, string reason);

    [LoggerMessage(51, LogLevel.Error, "Management command '{Command}' failed with an internal error.")]
    public static partial void CommandFailed(this ILogger logger, string command, Exception exception);

    [LoggerMessage(52, LogLevel.Error, "A heartbeat could not be sent.")]
    public static partial void HeartbeatFailed(this ILogger logger, Exception exception);

    [LoggerMessage(EventId = 60, Message = "{Line}")]
    public static partial void NativeLine(this ILogger logger, LogLevel level, string line);
}
