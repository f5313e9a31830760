using Orchard.Cli.Output;

namespace Orchard.Cli.Doctor;

/// <summary>Collects what is found about one subject.</summary>
/// <param name="subject">The subject.</param>
internal sealed class Findings(string subject)
{
    private readonly List<Finding> _all = [];

    public IReadOnlyList<Finding> All => _all;

    public void Ok(string message) => Add(Severity.Ok, message, null);

    public void Note(string message, string? remedy = null) => Add(Severity.Note, message, remedy);

    public void Warning(string message, string? remedy = null) => Add(Severity.Warning, message, remedy);

    public void Problem(string message, string? remedy = null) => Add(Severity.Problem, message, remedy);

    private void Add(Severity severity, string message, string? remedy) =>
        _all.Add(new Finding { Subject = subject, Severity = severity, Message = message, Remedy = remedy });
}
