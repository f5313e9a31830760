using Microsoft.Extensions.Options;

namespace Orchard.Hosting;

/// <summary>Tells all that is wrong with the options at once, before anything is started.</summary>
internal sealed class OrchardOptionsValidator : IValidateOptions<OrchardOptions>
{
    public ValidateOptionsResult Validate(string? name, OrchardOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        if (options.StartTimeout <= TimeSpan.Zero)
        {
            problems.AddError($"{options.StartTimeout} is not above zero.", nameof(options.StartTimeout));
        }

        if (options.StallTimeout <= TimeSpan.Zero)
        {
            problems.AddError($"{options.StallTimeout} is not above zero; null is no limit.", nameof(options.StallTimeout));
        }

        if (options.EngineGraceTime < TimeSpan.Zero)
        {
            problems.AddError($"{options.EngineGraceTime} is negative.", nameof(options.EngineGraceTime));
        }

        if (options.PreloadModels.Any(string.IsNullOrWhiteSpace))
        {
            problems.AddError("A model has no name.", nameof(options.PreloadModels));
        }

        if (options.Model is not null && string.IsNullOrWhiteSpace(options.Model))
        {
            problems.AddError("It is blank.", nameof(options.Model));
        }

        return problems.Build();
    }
}
