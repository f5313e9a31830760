namespace Orchard.Engine;

/// <summary>What the process exits with; part of its interface, see <c>--help</c>.</summary>
internal static class ExitCode
{
    /// <summary>Asked to stop, or nobody needed it any longer.</summary>
    public const int Orderly = 0;

    public const int BadArguments = 2;

    /// <summary>Another engine owns the namespace.</summary>
    public const int AlreadyRunning = 3;

    /// <summary>A folder, file or socket of the namespace could not be created.</summary>
    public const int CannotBind = 4;

    /// <summary>A defect of the engine (the number is EX_SOFTWARE of sysexits).</summary>
    public const int Internal = 70;
}
