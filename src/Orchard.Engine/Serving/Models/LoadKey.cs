namespace Orchard.Engine.Serving.Models;

/// <summary>Identifies one load command of one client, so that it can be cancelled without affecting other commands.</summary>
/// <param name="Channel">The client's response channel.</param>
/// <param name="LoadId">The client's number of the load.</param>
internal readonly record struct LoadKey(ulong Channel, ulong LoadId);
