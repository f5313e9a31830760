namespace Orchard.Protocol.Processes;

/// <summary>Distinguishes a process from a later process with the same id.</summary>
/// <param name="StartTime">Start time in a platform-specific unit; 0 if it is not available.</param>
internal readonly record struct ProcessMark(long StartTime);
