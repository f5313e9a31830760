namespace Orchard.Cli.Doctor;

/// <summary>Examines one subject.</summary>
internal interface ICheck
{
    /// <summary>The subject, as the report names it.</summary>
    string Subject { get; }

    /// <summary>Examines it. What is found is added to the findings; an exception becomes a problem.</summary>
    Task ExamineAsync(DoctorContext context, Findings findings, CancellationToken cancellationToken);
}
