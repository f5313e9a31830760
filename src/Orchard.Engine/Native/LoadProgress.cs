using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Orchard.Engine.Native;

/// <summary>
/// Receives the progress callback of the library. An exception is captured and aborts the load, so that it does not propagate into native
/// code.
/// </summary>
internal sealed unsafe class LoadProgress(Func<float, bool> report)
{
    private ExceptionDispatchInfo? _failure;

    public bool HasFailed => _failure is not null;

    public void Rethrow() => _failure?.Throw();

    /// <summary>The native callback.</summary>
    /// <param name="share">Loaded fraction, 0 to 1.</param>
    /// <param name="userData">A <see cref="GCHandle"/> of a <see cref="LoadProgress"/>.</param>
    /// <returns>1 to continue, 0 to abort.</returns>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static byte OnProgress(float share, void* userData)
    {
        var self = (LoadProgress)GCHandle.FromIntPtr((nint)userData).Target!;
        try
        {
            return self._failure is null && self.Report(share) ? (byte)1 : (byte)0;
        }
        catch (Exception e)
        {
            self._failure = ExceptionDispatchInfo.Capture(e);
            return 0;
        }
    }

    private bool Report(float share) => report(Math.Clamp(share, 0, 1));
}
