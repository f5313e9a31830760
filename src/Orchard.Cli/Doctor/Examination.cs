using Orchard.Cli.Doctor.Checks;
using Orchard.Cli.Output;

namespace Orchard.Cli.Doctor;

/// <summary>Runs all checks, in an order in which each finds what it needs.</summary>
internal static class Examination
{
    private static readonly ICheck[] Checks =
    [
        new SystemCheck(),
        new VariableCheck(),
        new NamespaceCheck(),
        new EngineFileCheck(),
        new NativeLibraryCheck(),
        new DeviceCheck(),
        new RunningEngineCheck(),
        new ModelCacheCheck(),
        new StoredModelCheck(),
        new HubCheck(),
    ];

    /// <summary>Runs the checks, and at last the trial if nothing is in its way.</summary>
    public static async Task<DoctorReport> RunAsync(DoctorContext context, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        foreach (ICheck check in Checks)
        {
            findings.AddRange(await RunAsync(check, context, cancellationToken).ConfigureAwait(false));
        }

        if (context.RunTrial && !findings.Exists(finding => finding.Severity == Severity.Problem))
        {
            findings.AddRange(await RunAsync(new TrialCheck(), context, cancellationToken).ConfigureAwait(false));
        }

        return new DoctorReport { Problems = findings.Count(finding => finding.Severity == Severity.Problem), Findings = findings };
    }

    private static async Task<IReadOnlyList<Finding>> RunAsync(ICheck check, DoctorContext context, CancellationToken cancellationToken)
    {
        var findings = new Findings(check.Subject);
        try
        {
            await check.ExamineAsync(context, findings, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            findings.Problem(e.Message);
        }

        return findings.All;
    }
}
