namespace Orchard.Protocol.Processes;

/// <summary>Looks up processes on this machine.</summary>
internal interface IProcessProbe
{
    /// <summary>Returns the running process with this id, or null if there is none. A zombie counts as none.</summary>
    ProcessMark? Find(int pid);
}
