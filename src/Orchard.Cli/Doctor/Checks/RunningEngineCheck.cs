using Orchard.Cli.Terminals;
using Orchard.Connection;
using Orchard.Protocol;
using Orchard.Protocol.Processes;

namespace Orchard.Cli.Doctor.Checks;

/// <summary>The engine that runs in the namespace, or what an earlier one has left there.</summary>
internal sealed class RunningEngineCheck : ICheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public string Subject => "running engine";

    public Task ExamineAsync(DoctorContext context, Findings findings, CancellationToken cancellationToken)
    {
        if (context.Root is not { } root)
        {
            findings.Note("not examined, because there is no folder for it");
            return Task.CompletedTask;
        }

        if (EngineHolder.IsListening(root))
        {
            return AskAsync(context, findings, cancellationToken);
        }

        ExamineRemains(root, findings);
        return Task.CompletedTask;
    }

    private static async Task AskAsync(DoctorContext context, Findings findings, CancellationToken cancellationToken)
    {
        var options = new ClientOptions(context.Options) { StartEngine = false, StartTimeout = Patience, StallTimeout = Patience };
        Client client = Client.Create(options);
        await using (client.ConfigureAwait(false))
        {
            try
            {
                EngineSnapshot engine = await client.GetEngineSnapshotAsync(cancellationToken).ConfigureAwait(false);
                findings.Ok($"process {engine.ProcessId}, for {Quantities.Duration(engine.Uptime)}, {engine.Models.Count} models");
            }
            catch (Exception e) when (e is OrchardException or TimeoutException)
            {
                // Another version, another user, or a process that hangs; the message says which and names the process.
                findings.Problem(e.Message, "Stop it: orchard stop. Applications that share an engine must use the same release.");
            }
        }
    }

    private static void ExamineRemains(EngineRoot root, Findings findings)
    {
        if (IsHeld(root.InstanceLockFile))
        {
            string process = PidFile.Read(root.PidFile) is { } holder ? $"process {holder}" : "a process";
            findings.Problem(
                $"An engine, {process}, holds '{root.InstanceLockFile}' but does not listen: it hangs, or its sockets were removed.",
                "End that process. It keeps every other engine from starting here.");
        }
        else if (PidFile.Read(root.PidFile) is { } pid)
        {
            findings.Note(
                $"none; '{root.PidFile}' is left from process {pid}, which ended without removing it. The next engine replaces it.");
        }
        else
        {
            findings.Ok("none; it starts with the first call");
        }
    }

    private static bool IsHeld(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using FileLock? acquired = FileLock.TryAcquire(path);
        return acquired is null;
    }
}
