using Orchard.Hub.Errors;
using Orchard.Hub.Tests.Hosting;

namespace Orchard.Hub.Tests.Transfer;

/// <summary>Something that goes wrong during a download.</summary>
/// <param name="Name">What goes wrong.</param>
/// <param name="Break">Makes it go wrong.</param>
/// <param name="Error">The kind of the error; null if the download must succeed nevertheless.</param>
/// <param name="KeepsPart">Whether the next download must transfer only what is missing.</param>
internal sealed record FaultCase(string Name, Action<HubFixture> Break, HubErrorKind? Error = null, bool KeepsPart = false);
