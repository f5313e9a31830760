namespace Orchard.Protocol.Processes;

/// <summary>Exit codes of the engine process, which are part of its interface.</summary>
internal static class EngineExitCode
{
    /// <summary>Stopped on request, or because no client needed the engine any longer.</summary>
    public const int Success = 0;

    public const int BadArguments = 2;

    /// <summary>Another engine serves the namespace.</summary>
    public const int AlreadyRunning = 3;

    /// <summary>A folder, file or socket of the namespace could not be created.</summary>
    public const int CannotBind = 4;

    /// <summary>Internal error of the engine (<c>EX_SOFTWARE</c> of <c>sysexits.h</c>).</summary>
    public const int InternalError = 70;
}
