using Orchard.Processes;

namespace Orchard.Cli.Doctor.Checks;

/// <summary>The engine executable.</summary>
internal sealed class EngineFileCheck : ICheck
{
    public string Subject => "engine";

    public Task ExamineAsync(DoctorContext context, Findings findings, CancellationToken cancellationToken)
    {
        // The errors name the path and say what to do.
        context.EnginePath = EngineLocator.Locate(context.Options.EnginePath, context.Root?.IsPieCompatible ?? false);
        findings.Ok(context.EnginePath);
        return Task.CompletedTask;
    }
}
