using System.Reflection;
using System.Runtime.InteropServices;
using Orchard.Cli.Terminals;

namespace Orchard.Cli.Doctor.Checks;

/// <summary>Versions, processors and memory.</summary>
internal sealed class SystemCheck : ICheck
{
    public string Subject => "system";

    public Task ExamineAsync(DoctorContext context, Findings findings, CancellationToken cancellationToken)
    {
        string? version = typeof(SystemCheck).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        findings.Ok($"orchard {version?.Split('+')[0]}, {RuntimeInformation.FrameworkDescription}");
        findings.Ok(
            $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors, "
            + $"{Quantities.Bytes(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)} of memory");
        return Task.CompletedTask;
    }
}
