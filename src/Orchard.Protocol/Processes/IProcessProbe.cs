namespace Orchard.Protocol.Processes;

/// <summary>Looks up processes of this machine.</summary>
internal interface IProcessProbe
{
    /// <summary>The running process with this id, or null when there is none; one that ended and was not reaped counts as none.</summary>
    ProcessMark? Find(int pid);
}

/// <summary>Tells a process from a later one with the same id.</summary>
/// <param name="StartTime">When it started, in units of the platform; 0 when that is not to be had.</param>
internal readonly record struct ProcessMark(long StartTime);
