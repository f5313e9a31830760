using Microsoft.Extensions.Logging;

namespace Orchard.Models.Sources;

/// <summary>What a source shares with its client.</summary>
/// <param name="Logger">The client's logger.</param>
/// <param name="Time">Clock of all timeouts and delays.</param>
/// <param name="StallTimeout">See <see cref="ClientOptions.StallTimeout"/>.</param>
/// <param name="Replays">See <see cref="ClientOptions.ReplayUnansweredCalls"/>.</param>
internal sealed record SourceContext(ILogger Logger, TimeProvider Time, TimeSpan? StallTimeout, bool Replays);
