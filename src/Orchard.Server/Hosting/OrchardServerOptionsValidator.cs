using Microsoft.Extensions.Options;

namespace Orchard.Server.Hosting;

/// <summary>Refuses options that no request could be served with, when the endpoints are mapped.</summary>
internal sealed class OrchardServerOptionsValidator : IValidateOptions<OrchardServerOptions>
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(24);

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, OrchardServerOptions options)
    {
        (bool IsValid, string Option, object Value, string Allowed)[] rules =
        [
            (options.MaxRequestBytes >= 1, nameof(options.MaxRequestBytes), options.MaxRequestBytes, "1 or more"),
            (options.MaxRequests >= 1, nameof(options.MaxRequests), options.MaxRequests, "1 or more"),
            (
                options.MaxRequestsPerCaller is null or >= 1,
                nameof(options.MaxRequestsPerCaller),
                options.MaxRequestsPerCaller ?? 1,
                "1 or more, or null"),
            (options.StoredResponses >= 0, nameof(options.StoredResponses), options.StoredResponses, "0 or more"),
            (
                options.HeaderDelay >= TimeSpan.Zero && options.HeaderDelay <= Longest,
                nameof(options.HeaderDelay),
                options.HeaderDelay,
                "0 to 24 days"),
            (
                options.HeartbeatInterval > TimeSpan.Zero && options.HeartbeatInterval <= Longest,
                nameof(options.HeartbeatInterval),
                options.HeartbeatInterval,
                "above 0 to 24 days"),
            (
                options.DrainTimeout >= TimeSpan.Zero && options.DrainTimeout <= Longest,
                nameof(options.DrainTimeout),
                options.DrainTimeout,
                "0 to 24 days"),
        ];
        string[] failures =
        [
            .. rules.Where(static rule => !rule.IsValid)
                .Select(static rule => $"{nameof(OrchardServerOptions)}.{rule.Option} is {rule.Value}; allowed is {rule.Allowed}."),
        ];
        return failures.Length > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;
    }
}
