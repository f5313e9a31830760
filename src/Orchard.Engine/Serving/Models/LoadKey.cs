namespace Orchard.Engine.Serving.Models;

/// <summary>Names one load command of one client, so that a cancel takes back that one and nobody else's.</summary>
/// <param name="Channel">The client's response channel.</param>
/// <param name="LoadId">The client's number for the load.</param>
internal readonly record struct LoadKey(ulong Channel, ulong LoadId);
